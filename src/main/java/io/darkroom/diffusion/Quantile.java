package io.darkroom.diffusion;

/**
 * Quantiles without sorting and without memory: bisection over the bit patterns of the magnitudes,
 * which are in the order of the magnitudes themselves. 31 passes at most, whatever the values.
 */
final class Quantile {
  private static final int MAGNITUDE = 0x7fffffff;

  private Quantile() {}

  /**
   * The quantile of {@code |values|}, between neighbours on a straight line.
   *
   * @param size how many of the values count, 1 or more
   * @param ratio 0 to 1
   */
  static float ofMagnitudes(float[] values, int size, double ratio) {
    float rank = (float) ratio * (size - 1);
    int below = (int) rank;
    int low = select(values, size, below);
    float least = Float.intBitsToFloat(low);
    float weight = rank - below;
    if (weight == 0) {
      return least;
    }
    float next = countUpTo(values, size, low) > below + 1 ? least : above(values, size, low);
    return least + weight * (next - least);
  }

  /** Bits of the magnitude at the rank, counted from 0. */
  private static int select(float[] values, int size, int rank) {
    int low = 0;
    int high = MAGNITUDE;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (countUpTo(values, size, middle) > rank) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static int countUpTo(float[] values, int size, int bits) {
    int count = size;
    for (int i = 0; i < size; i++) {
      count -= (bits - (Float.floatToRawIntBits(values[i]) & MAGNITUDE)) >>> 31;
    }
    return count;
  }

  private static float above(float[] values, int size, int bits) {
    int least = MAGNITUDE;
    for (int i = 0; i < size; i++) {
      int each = Float.floatToRawIntBits(values[i]) & MAGNITUDE;
      least = each > bits ? Math.min(least, each) : least;
    }
    return Float.intBitsToFloat(least);
  }
}
