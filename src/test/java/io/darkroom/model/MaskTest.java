package io.darkroom.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MaskTest {
  private static final float DARK = 127 / 127.5f - 1;
  private static final float BRIGHT = 128 / 127.5f - 1;

  @Test
  void pixelsFromHalfLuminanceAreWhite() {
    Mask grey = mask(1, 2, DARK, BRIGHT, DARK, BRIGHT, DARK, BRIGHT);
    assertThat(grey.white(1, 2)).containsExactly(0, 1);
    assertThat(grey.black(1, 2)).containsExactly(1, 0);
    Mask green = mask(1, 2, -1, 1, 1, -1, -1, 1);
    assertThat(green.white(1, 2)).as("green is bright, red and blue are not").containsExactly(1, 0);
  }

  @Test
  void aMaskOfAnotherSizeUsesTheNearestNeighbour() {
    Mask mask = mask(1, 6, 1, -1, -1, 1, -1, -1, 1, -1, -1, 1, -1, -1, 1, -1, -1, 1, -1, -1);
    assertThat(mask.white(1, 2)).containsExactly(1, 1);
    assertThat(mask.white(1, 3)).containsExactly(1, 0, 0);
    assertThat(mask.white(2, 6)).containsExactly(1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0);
  }

  @Test
  void hiddenPartsOfAPictureAreZero() {
    Mask mask = mask(1, 2, 1, -1, 1, -1, 1, -1);
    Tensor hidden = mask.hide(new Tensor(new float[] {9, 1, 9, 2, 9, 3}, new Shape(3, 1, 2)));
    assertThat(hidden.values()).containsExactly(0, 1, 0, 2, 0, 3);
  }

  private static Mask mask(int height, int width, float... values) {
    return new Mask(new Tensor(values, new Shape(3, height, width)));
  }
}
