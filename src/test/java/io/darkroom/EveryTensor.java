package io.darkroom;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.darkroom.onnx.FilmPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Requests of models that read tensors, those of the goldens of pipelines with other seeds, and of
 * a model of films.
 */
public final class EveryTensor {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path GOLDENS = Path.of("src/test/resources/pipelines/goldens");

  private final Set<Path> packages = new LinkedHashSet<>();
  private final List<ObjectNode> requests = new ArrayList<>();

  /** Writes packages that are not in the repository below the folder. */
  public EveryTensor(Path folder) throws IOException {
    try (Stream<Path> goldens = Files.list(GOLDENS)) {
      for (Path each : goldens.sorted().toList()) {
        PipelineGolden golden = PipelineGolden.read(each);
        if (golden.readsTensors()) {
          packages.addAll(golden.models());
          add(golden.parts().get(0).request());
        }
      }
    }
    packages.add(FilmPackage.write(folder.resolve("films")));
    add(
        """
        {"kind": "generate", "model": "films", "num_inference_steps": 2, "num_frames": 3,
         "width": 6, "height": 4, "eta": 1}
        """);
  }

  private void add(String request) throws IOException {
    requests.add((ObjectNode) JSON.readTree(request));
  }

  /** Returns the number of requests. */
  public int count() {
    return requests.size();
  }

  /** Returns the folders of the packages. */
  public List<Path> packages() {
    return List.copyOf(packages);
  }

  /** Returns a request by its number. */
  public ObjectNode request(int number, Random random) {
    ObjectNode request = requests.get(number).deepCopy();
    if (!request.has("seeds")) {
      request.put("seed", random.nextInt(Integer.MAX_VALUE));
    }
    return request;
  }
}
