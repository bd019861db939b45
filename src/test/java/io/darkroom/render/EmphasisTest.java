package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.job.Manifest;
import io.darkroom.job.RenderOutcome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests prompts that look like weighted words. */
class EmphasisTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a (red:1.3) car|(red:1.3)",
        "a (very red car: 0.8), wet|(very red car: 0.8)",
        "((masterpiece)), a car|((masterpiece))",
        "a [rusty] car|[rusty]",
        "[a cat:a dog:0.5]|[a cat:a dog:0.5]"
      })
  void weightsOfWordsCauseAWarning(String prompt, String shown) {
    assertThat(Emphasis.warning("prompt_2", prompt))
        .contains(
            "prompt_2: \""
                + shown
                + "\" looks like emphasis of Automatic1111's web UI, which is not supported: the"
                + " text goes to the encoder unchanged");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a red car",
        "a car (red)",
        "a car at 10:30 (in the morning)",
        "a smile :) and a frown :(",
        "a \\(red:1.3\\) car",
        "a \\[rusty\\] car",
        "[]"
      })
  void otherTextsCauseNoWarning(String prompt) {
    assertThat(Emphasis.warning("prompt", prompt)).isEmpty();
  }

  @Test
  @Timeout(60)
  void anyTextIsCheckedInLinearTime() {
    for (String part : new String[] {"(", "((", "[", "(a:", "(:1", "(a:1.", "1:", ")"}) {
      String text = part.repeat(8192 / part.length());
      assertThat(Emphasis.warning("prompt", text)).isEmpty();
      assertThat(Emphasis.warning("prompt", "(" + text)).isEmpty();
    }
  }

  @Test
  void theWarningIsInTheManifest() {
    try (TestWorker darkroom = new TestWorker(folder, "emoji-64")) {
      RenderOutcome outcome =
          darkroom
              .settle(
                  "{'id':'weights','kind':'generate','model':'emoji-64','prompt':'(rocket:1.3)',"
                      + "'negative_prompt':'a [car]','guidance_scale':2,'num_inference_steps':1}")
              .outcome();
      Manifest manifest = ((RenderOutcome.Completed) outcome).manifest();
      assertThat(manifest.warnings())
          .satisfiesExactly(
              first -> assertThat(first).startsWith("prompt: \"(rocket:1.3)\" looks like"),
              second -> assertThat(second).startsWith("negative_prompt: \"[car]\" looks like"));
    }
  }
}
