package io.darkroom.engine;

import io.darkroom.job.Size;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import io.darkroom.plan.Stage;
import io.darkroom.plan.Tiling;

/**
 * The picture into which tiles are blended with their weights. The bits do not depend on the order
 * of tiles: values are clamped to -8 to 8 and the contribution of a tile is rounded to a multiple
 * of 2^-20, so that all sums are exact in float. Engine thread only.
 */
final class TileCanvas {
  private static final double UNIT = 0x1p20;
  private static final float MOST = 8;

  private final Tiling tiling;
  private final int scale;
  private final Shape shape;
  private final float[] values;
  private int added;

  /**
   * @param channels channels of the picture
   */
  TileCanvas(Stage stage, int channels) {
    Size result = stage.result();
    this.tiling = stage.tiling();
    this.scale = stage.model().scale();
    this.shape = new Shape(channels, result.height(), result.width());
    this.values = new float[shape.size()];
  }

  /**
   * Adds a tile.
   *
   * @param pixels {@code [C, h, w]}, finite
   */
  void add(int tile, Tensor pixels) {
    double[] across = tiling.acrossWeights(tile, scale);
    double[] down = tiling.downWeights(tile, scale);
    int left = tiling.left(tile) * scale;
    int top = tiling.top(tile) * scale;
    int row = 0;
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < down.length; y++) {
        int to = (c * shape.height() + top + y) * shape.width() + left;
        addRow(pixels.values(), row, down[y], across, to);
        row += across.length;
      }
    }
    added++;
  }

  private void addRow(float[] tile, int from, double weight, double[] across, int to) {
    for (int x = 0; x < across.length; x++) {
      float value = Math.min(MOST, Math.max(-MOST, tile[from + x]));
      values[to + x] += (float) (Math.rint(value * (weight * across[x]) * UNIT) / UNIT);
    }
  }

  /** Returns whether all tiles were added. */
  boolean complete() {
    return added == tiling.count();
  }

  /** Returns the picture, {@code [C, H, W]}, not a copy. */
  Tensor picture() {
    return new Tensor(values, shape);
  }
}
