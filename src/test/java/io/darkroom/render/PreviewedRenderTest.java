package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.job.Manifest;
import io.darkroom.job.RenderOutcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests renders of a latent model with previews, from request to manifest. */
class PreviewedRenderTest {
  @TempDir Path folder;

  private static Delivery request(String id, String more) {
    return TestWorker.delivery(
        "{'id':'%s','kind':'generate','model':'emoji-64','prompt':'fox face','seed':5,"
                .formatted(id)
            + "'num_images':2,'num_inference_steps':9,'scheduler':{'_class_name':'euler_a'}"
            + more
            + "}");
  }

  @Test
  void previewsAreNotInManifestsAndDoNotChangePixels() {
    Queue<JobEvent.PreviewFate> fates = new ConcurrentLinkedQueue<>();
    try (TestWorker darkroom = new TestWorker(folder, "emoji-64")) {
      RenderPipeline pipeline = darkroom.over(new MemoryStore(), TestWorker.previews(fates::add));
      List<String> without = pixels(pipeline.settle(request("alone", "")));
      assertThat(fates).isEmpty();

      List<String> with = pixels(pipeline.settle(request("seen", ",'preview_every':1")));

      assertThat(with).hasSize(2).isEqualTo(without);
      assertThat(fates).as("of eight, one may still be stored").hasSizeBetween(7, 8);
    }
  }

  private static List<String> pixels(Settlement settled) {
    Manifest manifest = ((RenderOutcome.Completed) settled.outcome()).manifest();
    assertThat(manifest.outputs())
        .allSatisfy(output -> assertThat(output.uri()).doesNotContain("previews"));
    return manifest.outputs().stream().map(Manifest.OutputFile::pixelsSha256).toList();
  }
}
