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
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Requests of several kinds, and the packages that render them. */
abstract class RequestKinds {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path GOLDENS = Path.of("src/test/resources/pipelines/goldens");

  private final Set<Path> packages = new LinkedHashSet<>();
  private final List<ObjectNode> requests = new ArrayList<>();

  /** Adds the request and the packages of each matching golden in git. */
  final void addGoldens(Predicate<PipelineGolden> which) throws IOException {
    try (Stream<Path> goldens = Files.list(GOLDENS)) {
      for (Path each : goldens.sorted().toList()) {
        PipelineGolden golden = PipelineGolden.read(each);
        if (which.test(golden)) {
          packages.addAll(golden.models());
          add(golden.parts().get(0).request());
        }
      }
    }
  }

  final void addPackage(Path folder) {
    packages.add(folder);
  }

  final void add(String request) throws IOException {
    requests.add((ObjectNode) JSON.readTree(request));
  }

  /** Returns the number of kinds. */
  public final int count() {
    return requests.size();
  }

  /** Returns the folders of the packages. */
  public final List<Path> packages() {
    return List.copyOf(packages);
  }

  /** Returns the request of a kind with a random seed; the kinds repeat. */
  public final ObjectNode request(int number, Random random) {
    ObjectNode request = requests.get(number % requests.size()).deepCopy();
    if (!request.has("seeds")) {
      request.put("seed", random.nextInt(Integer.MAX_VALUE));
    }
    return request;
  }
}
