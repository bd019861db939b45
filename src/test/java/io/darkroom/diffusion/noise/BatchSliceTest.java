package io.darkroom.diffusion.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchSliceTest {

  @ParameterizedTest
  @EnumSource
  void slicesTogetherEqualTheDrawsOfTheBatch(Generator generator) {
    // Three rows of 5 are fewer than 16 elements each, 15 in all; of 7, more than 16 in all.
    for (int size : new int[] {5, 7, 48, 768}) {
      NoiseSource whole = generator.source(11);
      NoiseSource[] slices = new NoiseSource[3];
      Arrays.setAll(slices, i -> new BatchSlice(generator.source(11), 3, i));
      float[] batch = new float[3 * size];
      float[] row = new float[size];
      for (int draw = 0; draw < 3; draw++) {
        whole.fill(batch);
        for (int i = 0; i < 3; i++) {
          slices[i].fill(row);
          assertThat(row).isEqualTo(Arrays.copyOfRange(batch, i * size, (i + 1) * size));
        }
      }
    }
  }

  @Test
  void aBatchOfOneEqualsTheGenerator() {
    float[] alone = new float[33];
    float[] slice = new float[33];
    new TorchCpuNoise(5).fill(alone);
    new BatchSlice(new TorchCpuNoise(5), 1, 0).fill(slice);
    assertThat(slice).isEqualTo(alone);
  }

  @Test
  void anImageOutsideTheBatchIsRefused() {
    assertThatThrownBy(() -> new BatchSlice(new TorchCpuNoise(5), 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 of 2");
  }
}
