package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PixelsTest {

  @Test
  void everyLevelIsKeptByAConversionToATensorAndBack() {
    byte[] levels = new byte[256 * 3];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (byte) (i * 7);
    }
    Pixels pixels = new Pixels(16, 16, 3, levels);
    assertThat(Pixels.ofTensor(pixels.toTensor(), 3, 16, 16)).isEqualTo(pixels);
  }

  @Test
  void channelsAreInterleavedInPixelsAndPlanesInTensors() {
    Pixels pixels = Pixels.ofTensor(new float[] {-1, -1, 0, 0, 1, 1}, 3, 1, 2);
    assertThat(pixels.toBytes()).containsExactly(0, -128, -1, 0, -128, -1);
    assertThat(pixels.sample(1, 0, 2)).isEqualTo(255);
    assertThat(new Pixels(1, 1, 3, new byte[] {0, 51, -1}).toTensor())
        .containsExactly(-1f, 2 * (51 / 255f) - 1, 1f);
  }

  @Test
  void valuesAreClampedAndHalvesRoundedToEven() {
    float[] tensor = {-7, 7, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    assertThat(Pixels.ofTensor(tensor, 1, 1, 5).toBytes()).containsExactly(0, -1, 0, -1, 0);
    // 255 * (x / 2 + 0.5) is 76.5, 127.5, 178.5 and 229.5 in float32.
    float[] halves = {-0.4f, 0, 0.4f, 0.8f};
    int[] rounded = {76, 128, 178, 230};
    Pixels pixels = Pixels.ofTensor(halves, 1, 4, 1);
    for (int i = 0; i < halves.length; i++) {
      assertThat(pixels.sample(0, i, 0)).isEqualTo(rounded[i]);
    }
  }

  /**
   * From another implementation: hashlib.sha256(struct.pack(">III", 2, 1, 3) + bytes(range(6))).
   */
  @Test
  void theDigestIsOfSizeAndSamples() {
    Pixels pixels = new Pixels(2, 1, 3, new byte[] {0, 1, 2, 3, 4, 5});
    assertThat(pixels.sha256())
        .isEqualTo("457c1f779c31d57d4587edbffdfca2939a72161cd6c93f755838caec0cbed3d3");
    assertThat(new Pixels(1, 2, 3, pixels.toBytes()).sha256()).isNotEqualTo(pixels.sha256());
    assertThat(new Pixels(6, 1, 1, pixels.toBytes()).sha256()).isNotEqualTo(pixels.sha256());
  }

  @Test
  void aPictureIsImmutable() {
    byte[] samples = {1, 2, 3};
    Pixels pixels = new Pixels(1, 1, 3, samples);
    samples[0] = 9;
    pixels.toBytes()[1] = 9;
    assertThat(pixels).isEqualTo(new Pixels(1, 1, 3, new byte[] {1, 2, 3}));
    assertThat(pixels.hashCode()).isEqualTo(new Pixels(1, 1, 3, new byte[] {1, 2, 3}).hashCode());
  }

  @Test
  void invalidSizesAreRefused() {
    assertThatThrownBy(() -> new Pixels(0, 1, 3, new byte[0])).hasMessageContaining("0 x 1 x 3");
    assertThatThrownBy(() -> new Pixels(1, 1, 5, new byte[5])).hasMessageContaining("1 x 1 x 5");
    assertThatThrownBy(() -> new Pixels(2, 2, 1, new byte[3])).hasMessageContaining("are 3");
    assertThatThrownBy(() -> new Pixels(1 << 16, 1 << 16, 1, new byte[0]))
        .hasMessageContaining("are 0");
  }
}
