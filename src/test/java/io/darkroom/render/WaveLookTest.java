package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.image.Pixels;
import org.junit.jupiter.api.Test;

/** Previews of sounds are their waveforms. */
class WaveLookTest {

  private static Pixels picture(PreviewLook.OfSound look, float... sample) {
    float[] small = new float[look.smallSize()];
    look.shrink(sample, small);
    return look.pixels(small);
  }

  private static boolean black(Pixels picture, int x, double value) {
    int row = (int) Math.round((1 - value) / 2 * (PreviewLook.OfSound.ROWS - 1));
    return picture.sample(x, row, 0) == 0;
  }

  @Test
  void aColumnSpansTheValuesOfItsShare() {
    float[] sine = new float[4096];
    for (int i = 0; i < sine.length; i++) {
      sine[i] = (float) (0.5 * Math.sin(2 * Math.PI * i / 16.0));
    }
    Pixels picture = picture(new PreviewLook.OfSound(1, 4096, 4096), sine);
    assertThat(picture.width()).isEqualTo(256);
    assertThat(picture.height()).isEqualTo(64);
    for (int x = 0; x < 256; x++) {
      assertThat(black(picture, x, 0.5)).isTrue();
      assertThat(black(picture, x, 0)).isTrue();
      assertThat(black(picture, x, -0.5)).isTrue();
      assertThat(black(picture, x, 0.6)).isFalse();
      assertThat(black(picture, x, -0.6)).isFalse();
    }
  }

  @Test
  void channelsAreDrawnBelowEachOtherWithoutTheCutPart() {
    // Two channels of 4 elements, of which 3 are of the sound; values beyond 1 are bounded.
    Pixels picture =
        picture(new PreviewLook.OfSound(2, 4, 3), 1, 0, -1, 9, Float.NaN, 5, -7, 9, 9, 9);
    assertThat(picture.width()).isEqualTo(3);
    assertThat(picture.height()).isEqualTo(128);
    double[][] expected = {{1, 0, -1}, {0, 1, -1}};
    for (int channel = 0; channel < 2; channel++) {
      for (int x = 0; x < 3; x++) {
        int row = (int) Math.round((1 - expected[channel][x]) / 2 * 63);
        for (int y = 0; y < 64; y++) {
          assertThat(picture.sample(x, 64 * channel + y, 0)).isEqualTo(y == row ? 0 : 255);
        }
      }
    }
  }
}
