package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Tests that two processes of the packaged program give the same pixels for a request, with
 * different other requests.
 */
class TwoProcessesIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String JAR = System.getProperty("darkroom.jar");
  private static final String MODELS =
      "src/main/models,src/test/resources/pipelines/packages/sd-mini";
  private static final int REQUESTS = 12;
  private static final int SHARED = 8;

  @Property(tries = 1, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void bothProcessesGiveTheSamePixels(@ForAll long seed) throws Exception {
    Path folder = Files.createTempDirectory(Path.of("target"), "two-processes-");
    List<Path> files = requests(folder, new RandomRequests(new Random(seed)));
    List<Path> first = files.subList(0, SHARED + 2);
    List<Path> second = new ArrayList<>(files.subList(0, SHARED));
    second.addAll(files.subList(SHARED + 2, REQUESTS));
    Collections.reverse(second);

    Map<String, List<String>> pixels = render(first, folder.resolve("first"));
    Map<String, List<String>> again = render(second, folder.resolve("second"));

    pixels.keySet().retainAll(again.keySet());
    assertThat(pixels).hasSize(SHARED);
    again.keySet().retainAll(pixels.keySet());
    assertThat(again).isEqualTo(pixels);
  }

  private static List<Path> requests(Path folder, RandomRequests random) throws Exception {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      files.add(Files.writeString(folder.resolve("mixed-" + i + ".json"), random.next(i)));
    }
    return files;
  }

  /** Returns the digests of the pixels of a new process, by request. */
  private static Map<String, List<String>> render(List<Path> files, Path output) throws Exception {
    List<String> command = Jvm.java();
    command.addAll(List.of("-jar", JAR, "render", "--models", MODELS, "-o"));
    command.add(output.toString());
    files.forEach(file -> command.add(file.toString()));
    File log = new File(output + ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).as("ended in time").isTrue();
      assertThat(process.exitValue()).as(Files.readString(log.toPath())).isZero();
    } finally {
      process.destroyForcibly();
    }
    Map<String, List<String>> pixels = new TreeMap<>();
    for (Path file : files) {
      String id = file.getFileName().toString().replace(".json", "");
      Path manifest = output.resolve("pictures").resolve(id).resolve("manifest.json");
      List<String> digests = new ArrayList<>();
      for (JsonNode picture : JSON.readTree(manifest.toFile()).path("outputs")) {
        digests.add(picture.path("pixels_sha256").asText());
      }
      assertThat(digests).as(id).isNotEmpty().allMatch(digest -> digest.length() == 64);
      pixels.put(id, digests);
    }
    return pixels;
  }
}
