package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.GoldenPackages;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.Tier;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.OrtNetworks;
import io.darkroom.onnx.PackageReader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests warnings about texts that are too long, for two encoders with different windows. */
class CutTextTest {
  private static final NetworkSettings SETTINGS = new NetworkSettings(1, 4, Tier.EXACT);

  @TempDir Path folder;

  @Test
  void theRestIsNamedForEachEncoder() {
    try (TestWorker darkroom = new TestWorker(folder)) {
      darkroom.serve(
          () -> OrtNetworks.load(PackageReader.read(GoldenPackages.folder("flux-mini")), SETTINGS));

      assertThat(warnings(darkroom, "short", 4)).isEmpty();
      assertThat(warnings(darkroom, "middle", 30)).singleElement().satisfies(CutTextTest::ofT5);
      assertThat(warnings(darkroom, "long", 200))
          .satisfiesExactlyInAnyOrder(
              CutTextTest::ofT5,
              clip ->
                  assertThat(clip)
                      .startsWith("prompt: longer than the 77 tokens of text_encoder, truncated: ")
                      .endsWith("end\""));
    }
  }

  private static void ofT5(String warning) {
    assertThat(warning)
        .startsWith("prompt_2: longer than the 20 tokens of text_encoder_2, truncated: ")
        .endsWith("end\"");
  }

  private static List<String> warnings(TestWorker darkroom, String id, int words) {
    RenderOutcome outcome =
        darkroom
            .settle(
                ("{'id':'%s','kind':'generate','model':'flux-mini','prompt':'%send',"
                        + "'max_sequence_length':20,'num_inference_steps':1,'width':32,'height':32}")
                    .formatted(id, "a ".repeat(words)))
            .outcome();
    Manifest manifest = ((RenderOutcome.Completed) outcome).manifest();
    return manifest.warnings();
  }
}
