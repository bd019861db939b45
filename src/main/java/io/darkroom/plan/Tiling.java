package io.darkroom.plan;

import io.darkroom.job.Size;
import io.darkroom.job.Tile;
import io.darkroom.model.Shape;
import io.darkroom.model.Space;
import io.darkroom.model.Tensor;
import java.util.Optional;

/**
 * The tiles of a stage's picture, which are denoised one by one, or of its latents, which are
 * decoded one by one. All have the same size; they are ordered from left to right, then from top to
 * bottom.
 *
 * @param columns the tiles of a row
 * @param rows the tiles of a column
 */
public record Tiling(TileAxis columns, TileAxis rows) {
  /** Maximum number of tiles of a picture. */
  static final long MOST = 4096;

  /** Maximum number of random numbers for all tiles of a stage. */
  static final long MOST_NOISE = 500_000_000_000L;

  /** Returns a single tile for the whole picture. */
  static Tiling none(Size picture) {
    return of(picture, new Tile(Math.max(picture.width(), picture.height()), 0));
  }

  /** Returns the tiles of a picture. */
  static Tiling of(Size picture, Tile tile) {
    return new Tiling(
        new TileAxis(picture.width(), tile.size(), tile.overlap()),
        new TileAxis(picture.height(), tile.size(), tile.overlap()));
  }

  /**
   * Returns the tiles in which latents are decoded, with weights that rise linearly; empty if they
   * are decoded as a whole. The package and the size of the latents decide it.
   *
   * @param latents {@code [C, H, W]}
   */
  public static Optional<Tiling> ofLatents(Space space, Shape latents) {
    return space
        .decodeTileFor(latents)
        .map(tile -> new Tiling(axis(latents.width(), tile), axis(latents.height(), tile)));
  }

  private static TileAxis axis(int cells, Tile tile) {
    return new TileAxis(cells, tile.size(), tile.overlap(), TileAxis.Ramp.LINEAR);
  }

  /** Returns the tile size and overlap of a request that gives this tiling. */
  Tile tile() {
    return new Tile(columns.tile(), columns.overlap());
  }

  /** Returns the number of tiles, 1 or more. */
  public int count() {
    return (int) Math.min(Integer.MAX_VALUE, (long) columns.count() * rows.count());
  }

  /** Returns the size of every tile. */
  public Size size() {
    return new Size(columns.size(), rows.size());
  }

  /** Returns the first column of a tile. */
  public int left(int tile) {
    return columns.start(tile % columns.count());
  }

  /** Returns the first row of a tile. */
  public int top(int tile) {
    return rows.start(tile / columns.count());
  }

  /** Returns the weights of a tile's columns in the result. */
  public double[] acrossWeights(int tile, int scale) {
    return columns.weights(tile % columns.count(), scale);
  }

  /** Returns the weights of a tile's rows in the result. */
  public double[] downWeights(int tile, int scale) {
    return rows.weights(tile / columns.count(), scale);
  }

  /**
   * Returns a tile of a picture.
   *
   * @param picture {@code [C, h, w]}
   */
  public Tensor cut(Tensor picture, int tile) {
    Shape shape = picture.shape();
    Shape cut = new Shape(shape.channels(), rows.size(), columns.size());
    float[] values = new float[cut.size()];
    for (int row = 0; row < shape.channels() * cut.height(); row++) {
      int line = row / cut.height() * shape.height() + top(tile) + row % cut.height();
      System.arraycopy(
          picture.values(),
          line * shape.width() + left(tile),
          values,
          row * cut.width(),
          cut.width());
    }
    return new Tensor(values, cut);
  }
}
