package io.darkroom.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LatentScalingTest {
  private static final LatentScaling CHANNELS =
      new LatentScaling(0.5, List.of(1.0, -2.0), List.of(4.0, 0.25));

  @Test
  void latentsAreShiftedAfterTheyAreScaledBack() {
    float[] latents = LatentScaling.shifted(2, 0.25).latents(new float[] {1, -4});
    assertThat(latents).containsExactly(0.75f, -1.75f);
  }

  @Test
  void eachChannelHasItsMeanAndDeviation() {
    assertThat(CHANNELS.latents(new float[] {1, 2, 1, 2})).containsExactly(9, 17, -1.5f, -1);
  }

  @Test
  void decodingReversesEncoding() {
    float[] parameters = {3, 5, -2.5f, 0.5f, 0, 0, 0, 0};
    float[] encoded = CHANNELS.distribution(parameters);
    float[] sample = {encoded[0], encoded[1], encoded[2], encoded[3]};
    assertThat(CHANNELS.latents(sample))
        .containsExactly(new float[] {3, 5, -2.5f, 0.5f}, within(1e-6f));
    assertThat(encoded).endsWith(0.125f, 0.125f, 2, 2);
  }
}
