package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.DirectEngine;
import io.darkroom.engine.StageOutcome;
import io.darkroom.job.RenderRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests pictures of a network that runs one row per call. */
class OneRowRenderTest {
  private static final Path EMOJI = Packages.STARTER.resolve("emoji-32");

  private static RenderRequest guided(DirectEngine directEngine, String model, int seed) {
    return directEngine.request(
        """
        {"id": "one-%d", "kind": "generate", "model": "%s", "class_label": "cat", "seed": %d,
         "num_inference_steps": 3, "guidance_scale": 3}
        """
            .formatted(seed, model, seed));
  }

  private static float[] pixels(StageOutcome outcome) {
    return ((StageOutcome.Done) outcome).pictures().get(0).pixels().values();
  }

  @Test
  void guidedPicturesEqualThoseOfLargerCalls(@TempDir Path folder) throws Exception {
    Path single = singleRows(folder.resolve("single"));
    try (DirectEngine directEngine = new DirectEngine(4, (model, call) -> {}, EMOJI, single)) {
      float[] larger =
          directEngine.render(guided(directEngine, "emoji-32", 1)).get(0).pixels().values();
      assertThat(directEngine.render(guided(directEngine, "single", 1)).get(0).pixels().values())
          .isEqualTo(larger);
    }
  }

  @Test
  void picturesDoNotDependOnOtherRowsOfAMixingNetwork(@TempDir Path folder) throws Exception {
    Path tiny = folder.resolve("tiny");
    TinyPackage.write(tiny, TinyPackage.roundedToWhatItsRowsNeed());
    Files.writeString(
        tiny.resolve("unet/config.json"), "{\"sample_size\": 8, \"rows_per_call\": 1}");
    try (DirectEngine directEngine = new DirectEngine(4, (model, call) -> {}, tiny)) {
      List<RenderRequest> requests = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        requests.add(
            directEngine.request(
                """
                {"id": "mixed-%d", "kind": "generate", "model": "tiny", "seed": %d,
                 "num_inference_steps": %d}
                """
                    .formatted(i, i, 2 + i)));
      }
      List<StageOutcome> together = directEngine.render(requests);
      for (int i = 0; i < requests.size(); i++) {
        assertThat(pixels(together.get(i)))
            .isEqualTo(directEngine.render(requests.get(i)).get(0).pixels().values());
      }
    }
  }

  /** The starter package, whose network is run with one row at a time. */
  private static Path singleRows(Path copy) throws IOException {
    try (Stream<Path> files = Files.walk(EMOJI)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = copy.resolve(EMOJI.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.write(to, Files.readAllBytes(file));
      }
    }
    Path config = copy.resolve("unet/config.json");
    Files.writeString(
        config, Files.readString(config).replaceFirst("\\{", "{\"rows_per_call\": 1,"));
    return copy;
  }
}
