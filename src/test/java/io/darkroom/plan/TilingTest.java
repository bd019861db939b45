package io.darkroom.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.darkroom.job.Size;
import io.darkroom.job.Tile;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Tiles cover a picture, and their weights are 1 together. */
class TilingTest {

  @Property(tries = 300)
  void theWeightsOfEveryPixelAddUpToOne(
      @ForAll @IntRange(min = 1, max = 700) int length,
      @ForAll @IntRange(min = 1, max = 90) int tile,
      @ForAll @IntRange(min = 0, max = 100) int share,
      @ForAll @IntRange(min = 1, max = 4) int scale) {
    TileAxis axis = new TileAxis(length, tile, tile * share / 200);
    double[] sums = new double[length * scale];
    for (int i = 0; i < axis.count(); i++) {
      double[] weights = axis.weights(i, scale);
      assertThat(weights).hasSize(axis.size() * scale);
      for (int x = 0; x < weights.length; x++) {
        assertThat(weights[x]).isBetween(0.0, 1.0);
        sums[axis.start(i) * scale + x] += weights[x];
      }
    }
    for (double sum : sums) {
      assertThat(sum).isCloseTo(1, within(1e-15));
    }
  }

  @Property(tries = 300)
  void neighboursShareAtLeastTheOverlapWithTheFewestTiles(
      @ForAll @IntRange(min = 1, max = 700) int length,
      @ForAll @IntRange(min = 1, max = 90) int tile,
      @ForAll @IntRange(min = 0, max = 100) int share) {
    int overlap = tile * share / 200;
    TileAxis axis = new TileAxis(length, tile, overlap);
    assertThat(axis.start(0)).isZero();
    assertThat(axis.start(axis.count() - 1) + axis.size()).isEqualTo(length);
    for (int i = 1; i < axis.count(); i++) {
      assertThat(axis.start(i - 1) + axis.size() - axis.start(i)).isGreaterThanOrEqualTo(overlap);
      assertThat(axis.start(i)).isGreaterThan(axis.start(i - 1));
    }
    int fewer = axis.count() - 1;
    assertThat(fewer == 0 || fewer * axis.size() - (fewer - 1) * overlap < length).isTrue();
  }

  @Test
  void theWeightRisesByASquaredSineInTheMiddleOfTheOverlap() {
    // Tiles at 0 and 4 of 8 pixels each share 4 of 12; the weight changes over 2 of them.
    TileAxis axis = new TileAxis(12, 8, 2);
    assertThat(axis.count()).isEqualTo(2);
    double half = Math.pow(Math.sin(Math.PI / 8), 2);
    assertThat(axis.weights(1, 1))
        .containsExactly(new double[] {0, half, 1 - half, 1, 1, 1, 1, 1}, within(1e-15));
    assertThat(axis.weights(0, 1))
        .containsExactly(new double[] {1, 1, 1, 1, 1, 1 - half, half, 0}, within(1e-15));
  }

  @Test
  void tilesRunFromLeftToRightThenDown() {
    Tiling tiling = Tiling.of(new Size(20, 9), new Tile(8, 2));
    assertThat(tiling.count()).isEqualTo(6);
    assertThat(tiling.size()).isEqualTo(new Size(8, 8));
    assertThat(tiling.left(2)).isEqualTo(12);
    assertThat(tiling.top(2)).isZero();
    assertThat(tiling.left(3)).isZero();
    assertThat(tiling.top(3)).isEqualTo(1);
    float[] values = new float[2 * 9 * 20];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Tensor cut = tiling.cut(new Tensor(values, new Shape(2, 9, 20)), 4);
    assertThat(cut.shape()).isEqualTo(new Shape(2, 8, 8));
    assertThat(cut.values()[0]).isEqualTo(20 + 6);
    assertThat(cut.values()[2 * 64 - 1]).isEqualTo(180 + 8 * 20 + 13);
  }

  @Test
  void aPictureWithinOneTileIsOneTile() {
    assertThat(Tiling.of(new Size(8, 3), new Tile(8, 2)).count()).isEqualTo(1);
    assertThat(Tiling.of(new Size(8, 3), new Tile(8, 2)).size()).isEqualTo(new Size(8, 3));
    assertThat(Tiling.none(new Size(5, 7)).count()).isEqualTo(1);
    assertThatThrownBy(() -> new TileAxis(9, 8, 5)).isInstanceOf(IllegalArgumentException.class);
  }
}
