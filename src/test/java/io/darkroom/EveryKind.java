package io.darkroom;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
 * Requests of every kind of model that is served: those of the goldens of pipelines, with other
 * seeds, and requests with an adapter, for 16-bit pictures, and for a picture that is decoded in
 * tiles.
 */
public final class EveryKind {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path GOLDENS = Path.of("src/test/resources/pipelines/goldens");
  private static final String SD_MINI =
      """
      {"kind": "generate", "model": "%s", "prompt": "a fox", "num_inference_steps": 2,
       "guidance_scale": 4, "width": %d, "height": 32%s}
      """;

  private final Set<Path> packages = new LinkedHashSet<>();
  private final List<ObjectNode> requests = new ArrayList<>();

  /** Writes packages that are not in the repository below the folder. */
  public EveryKind(Path folder) throws IOException {
    try (Stream<Path> goldens = Files.list(GOLDENS)) {
      for (Path golden : goldens.sorted().toList()) {
        add(PipelineGolden.read(golden));
      }
    }
    packages.add(GoldenPackages.folder("sd-mini"));
    packages.add(LoraPackages.adaptable(folder.resolve("sd-lora"), "five"));
    packages.add(ScanPackage.write(folder.resolve("scans")));
    add(SD_MINI.formatted("sd-lora", 32, ", \"loras\": [{\"model\": \"five\"}]"));
    add(SD_MINI.formatted("sd-mini", 192, ""));
    add(
        """
        {"kind": "generate", "model": "scans", "class_label": "5", "num_inference_steps": 2,
         "output": {"format": "png", "bits": 16}}
        """);
  }

  private void add(PipelineGolden golden) throws IOException {
    packages.addAll(golden.models());
    add(golden.parts().get(0).request());
  }

  private void add(String request) throws IOException {
    requests.add((ObjectNode) JSON.readTree(request));
  }

  /** Returns the number of kinds. */
  public int count() {
    return requests.size();
  }

  /** Returns the folders of the packages. */
  public List<Path> packages() {
    return List.copyOf(packages);
  }

  /** Returns the request of a kind; the kinds repeat. */
  public ObjectNode request(int number, Random random) {
    ObjectNode request = requests.get(number % requests.size()).deepCopy();
    if (!request.has("seeds")) {
      request.put("seed", random.nextInt(Integer.MAX_VALUE));
    }
    return request;
  }
}
