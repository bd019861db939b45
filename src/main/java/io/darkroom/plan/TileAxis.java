package io.darkroom.plan;

/**
 * One side of a picture, divided into evenly spaced tiles of equal length, and their weights in the
 * blended picture. In the middle of the part that two neighbours share, the weight of the second
 * one rises over the overlap; the weights of both add up to 1.
 *
 * @param length length of the side
 * @param tile length of a tile; a shorter side is a single tile
 * @param overlap minimum overlap of neighbours
 * @param ramp how the weight rises
 */
record TileAxis(int length, int tile, int overlap, Ramp ramp) {

  TileAxis {
    if (length < 1 || tile < 1 || overlap < 0 || 2 * overlap > tile) {
      throw new IllegalArgumentException(
          "tile: must have 1 or more pixels and an overlap of at most half, is %d with %d of %d"
              .formatted(tile, overlap, length));
    }
  }

  /** How the weight of the second of two tiles rises from 0 to 1. */
  enum Ramp {
    /** In proportion to the place, as in the tiled decoders of diffusers. */
    LINEAR {
      @Override
      double at(double place) {
        return place;
      }
    },
    /** As a squared sine. */
    SINE {
      @Override
      double at(double place) {
        double sine = StrictMath.sin(StrictMath.PI / 2 * place);
        return sine * sine;
      }
    };

    /**
     * Returns the weight.
     *
     * @param place 0 at the beginning of the overlap, 1 at its end
     */
    abstract double at(double place);
  }

  /** Creates a side whose weights rise as a squared sine. */
  TileAxis(int length, int tile, int overlap) {
    this(length, tile, overlap, Ramp.SINE);
  }

  /** Returns the pixels of a tile. */
  int size() {
    return Math.min(tile, length);
  }

  /** Returns the number of tiles. */
  int count() {
    int stride = tile - overlap;
    return length <= tile ? 1 : 1 + (length - tile + stride - 1) / stride;
  }

  /** Returns the first pixel of a tile. */
  int start(int index) {
    return count() == 1 ? 0 : (int) ((long) index * (length - tile) / (count() - 1));
  }

  /**
   * Returns the weight of each pixel of an enlarged tile; the weights of all tiles at a pixel add
   * up to 1.
   *
   * @param scale pixels of the result per pixel of the picture
   */
  double[] weights(int index, int scale) {
    double[] weights = new double[size() * scale];
    int first = start(index) * scale;
    for (int i = 0; i < weights.length; i++) {
      double here = index == 0 ? 1 : rise(index - 1, first + i, scale);
      double next = index == count() - 1 ? 0 : rise(index, first + i, scale);
      weights[i] = here - next;
    }
    return weights;
  }

  /**
   * Returns the length over which a weight rises: no more than a step, so that two seams do not
   * meet. A single seam of decoded latents has room for the whole overlap.
   */
  private int shared() {
    int step = (length - tile) / (count() - 1);
    return ramp == Ramp.LINEAR && count() == 2 ? overlap : Math.min(overlap, step);
  }

  /** Returns the weight, 0 to 1, of the tiles after a seam at a pixel. */
  private double rise(int seam, int pixel, int scale) {
    double width = (double) shared() * scale;
    double middle = (start(seam) + tile + start(seam + 1)) * scale / 2.0;
    double place = pixel + 0.5 - middle;
    if (2 * place >= width) {
      return 1;
    }
    if (2 * place <= -width) {
      return 0;
    }
    return ramp.at(place / width + 0.5);
  }
}
