package io.darkroom.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.job.Size;
import io.darkroom.model.Layout.Dimension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LayoutTest {
  private static final Layout FILM =
      new Layout(
          List.of(
              Dimension.fixed(Layout.CHANNELS, 3),
              new Dimension(Layout.FRAMES, 8, true, 1, 16),
              new Dimension(Layout.HEIGHT, 16, true, 4, 64),
              new Dimension(Layout.WIDTH, 24, true, 4, 64)));
  private static final Layout SET =
      new Layout(
          List.of(new Dimension("atoms", 2, true, 1, 9), Dimension.fixed(Layout.CHANNELS, 3)));

  @Test
  void aSizeHasTheSidesInOrder() {
    assertThat(FILM.standard()).isEqualTo(new Size(24, 16, List.of(8)));
    assertThat(FILM.standard()).hasToString("24x16x8");
    assertThat(FILM.standard().pixels()).isEqualTo(24 * 16 * 8);
    assertThat(SET.standard()).isEqualTo(new Size(2, 1)).hasToString("2x1");
    assertThat(FILM.with(FILM.standard(), Map.of(Layout.FRAMES, 5, Layout.WIDTH, 4)))
        .isEqualTo(new Size(4, 16, List.of(5)));
  }

  @Test
  void samplesAreRoundedUpToMultiples() {
    assertThat(FILM.sample(new Size(21, 13, List.of(7)))).isEqualTo(new Shape(3, 7, 16, 24));
    assertThat(FILM.shape(new Size(21, 13, List.of(7)))).isEqualTo(new Shape(3, 7, 13, 21));
    assertThat(SET.sample(new Size(5, 1))).isEqualTo(new Shape(5, 3));
  }

  @Test
  void aMaskHasANumberForEachPlaceOfAChannel() {
    Tensor set = new Tensor(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
    assertThat(SET.masked(set, new float[] {0, 2}).values()).containsExactly(0, 0, 0, 8, 10, 12);
    Layout first = new Layout(List.of(SET.dimensions().get(1), SET.dimensions().get(0)));
    Tensor turned = new Tensor(new float[] {1, 2, 3, 4, 5, 6}, new Shape(3, 2));
    assertThat(first.masked(turned, new float[] {0, 2}).values())
        .containsExactly(0, 4, 0, 8, 0, 12);
    Layout flat = new Layout(List.of(SET.dimensions().get(0)));
    assertThat(
            flat.masked(new Tensor(new float[] {3, 4}, new Shape(2)), new float[] {0, 2}).values())
        .containsExactly(0, 8);
    assertThat(flat.channels()).isEqualTo(1);
  }

  @Test
  void aTensorOfAnyRankIsCropped() {
    float[] values = new float[2 * 3 * 4];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Tensor whole = new Tensor(values, new Shape(2, 3, 4));
    assertThat(Padding.crop(whole, new Shape(2, 2, 3)).values())
        .containsExactly(0, 1, 2, 4, 5, 6, 12, 13, 14, 16, 17, 18);
    assertThat(Padding.crop(new Tensor(values, new Shape(24)), new Shape(2)).values())
        .containsExactly(0, 1);
    assertThat(Padding.crop(whole, whole.shape())).isSameAs(whole);
  }
}
