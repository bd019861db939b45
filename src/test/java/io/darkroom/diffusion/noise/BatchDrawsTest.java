package io.darkroom.diffusion.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BatchDrawsTest {
  private static final int IMAGES = 3;

  @Test
  void imagesGetTheSameNumbersInAnyOrder() {
    BatchDraws draws = new BatchDraws(new TorchCpuNoise(7), IMAGES);
    for (int image : new int[] {2, 0, 1}) {
      NoiseSource shared = draws.slice(image);
      NoiseSource alone = new BatchSlice(new TorchCpuNoise(7), IMAGES, image);
      assertThat(next(shared, 5)).isEqualTo(next(alone, 5));
      assertThat(nextShared(shared, 20)).isEqualTo(nextShared(alone, 20));
      shared.skip(2, 5);
      alone.skip(2, 5);
      assertThat(next(shared, 5)).isEqualTo(next(alone, 5));
    }
  }

  @Test
  void aDrawOfAnotherSizeIsRefused() {
    BatchDraws draws = new BatchDraws(new TorchCpuNoise(7), IMAGES);
    next(draws.slice(0), 5);
    assertThatThrownBy(() -> next(draws.slice(1), 6))
        .hasMessage("draw 0: must have 15 numbers for all images, not 18");
  }

  private static float[] next(NoiseSource noise, int size) {
    float[] out = new float[size];
    noise.fill(out);
    return out;
  }

  private static float[] nextShared(NoiseSource noise, int size) {
    float[] out = new float[size];
    noise.fillShared(out);
    return out;
  }
}
