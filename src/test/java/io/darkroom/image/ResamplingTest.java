package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ResamplingTest {

  @Test
  void aPictureOfTheRequestedSizeIsNotChanged() {
    float[] picture = {1, 2, 3, 4, 5, 6};
    assertThat(new Resampling(1, 2, 3).fit(picture, 2, 3)).isEqualTo(picture);
    assertThat(new Resampling(1, 2, 3).fill(picture, 2, 3)).isEqualTo(picture);
  }

  /** Numbers of Pillow 12.3: {@code Image.resize(size, BILINEAR)} of pictures of mode F. */
  @Test
  void aSmallerPictureEqualsPillows() {
    float[] small = new Resampling(1, 2, 4).fit(new float[] {0, 1, 2, 3, 4, 5, 6, 7}, 1, 2);
    assertThat(small).containsExactly(new float[] {2.7142859f, 4.285714f}, within(1e-5f));
    float[] squares = new float[60];
    for (int i = 0; i < squares.length; i++) {
      squares[i] = i * i % 17;
    }
    assertThat(new Resampling(1, 6, 10).fill(squares, 3, 5))
        .containsExactly(
            new float[] {
              5.734694f,
              8.535714f,
              9.214286f,
              6.053571f,
              7.530612f,
              10.875f,
              6.96875f,
              7.015625f,
              8.6875f,
              8f,
              5.775510f,
              7.5f,
              8.660714f,
              8.714286f,
              10.285714f
            },
            within(1e-5f));
  }

  @Test
  void aLargerPictureInterpolatesItsPixels() {
    float[] large = new Resampling(1, 1, 2).fit(new float[] {0, 4}, 2, 4);
    assertThat(large).containsExactly(0, 1, 3, 4, 0, 1, 3, 4);
  }

  @Test
  void fitKeepsTheWholePictureAndRepeatsItsEdge() {
    float[] fitted = new Resampling(1, 1, 2).fit(new float[] {1, 5}, 4, 2);
    assertThat(fitted).containsExactly(1, 5, 1, 5, 1, 5, 1, 5);
    float[] wide = new Resampling(1, 2, 1).fit(new float[] {1, 5}, 2, 4);
    assertThat(wide).containsExactly(1, 1, 1, 1, 5, 5, 5, 5);
  }

  @Test
  void fillCropsThePartsOutside() {
    float[] filled = new Resampling(1, 2, 4).fill(new float[] {0, 1, 2, 3, 4, 5, 6, 7}, 2, 2);
    assertThat(filled).containsExactly(1, 2, 5, 6);
  }

  @Test
  void channelsAreResampledSeparately() {
    float[] two = new Resampling(2, 1, 2).fit(new float[] {0, 4, 10, 10}, 2, 4);
    assertThat(two).containsExactly(0, 1, 3, 4, 0, 1, 3, 4, 10, 10, 10, 10, 10, 10, 10, 10);
  }

  @Test
  void aThinPictureNeedsAtMostTheMemoryOfItsResult() {
    float[] thin = new float[1 << 20];
    float[] result = new Resampling(1, 1 << 20, 1).fill(thin, 64, 64);
    assertThat(result).hasSize(64 * 64).containsOnly(0);
  }
}
