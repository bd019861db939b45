package io.darkroom.diffusion.sampler;

/**
 * Quantiles by selection instead of sorting (Hoare 1961, FIND): the range that holds the rank is
 * parted until it is one element, in time that grows with the number of values. What falls badly,
 * round after round, is ended by halving the magnitudes instead, so that no values take long.
 */
final class Quantile {
  private static final int MOST_ROUNDS = 80;

  private Quantile() {}

  /**
   * The quantile of {@code |values|}, between neighbours on a straight line.
   *
   * @param ratio 0 to 1
   * @param spare as long as there are values that count, 1 or more; overwritten
   */
  static float ofMagnitudes(float[] values, double ratio, float[] spare) {
    for (int i = 0; i < spare.length; i++) {
      spare[i] = Math.abs(values[i]);
    }
    float rank = (float) ratio * (spare.length - 1);
    int below = (int) rank;
    float weight = rank - below;
    float least = select(spare, below);
    return weight == 0 ? least : least + weight * (least(spare, below + 1) - least);
  }

  /** The element at a place in order; those after it are no smaller, those before no larger. */
  private static float select(float[] a, int place) {
    int low = 0;
    int high = a.length - 1;
    for (int round = 0; low < high; round++) {
      float pivot = round < MOST_ROUNDS ? middleOfThree(a, low, high) : halfway(a, low, high);
      int i = low;
      int j = high;
      while (i <= j) {
        while (a[i] < pivot) {
          i++;
        }
        while (a[j] > pivot) {
          j--;
        }
        if (i <= j) {
          float other = a[i];
          a[i++] = a[j];
          a[j--] = other;
        }
      }
      if (place > j && place < i) {
        return a[place];
      }
      low = place < i ? low : i;
      high = place > j ? high : j;
    }
    return a[place];
  }

  private static float middleOfThree(float[] a, int low, int high) {
    float first = a[low];
    float middle = a[(low + high) >>> 1];
    float last = a[high];
    return Math.max(Math.min(first, middle), Math.min(Math.max(first, middle), last));
  }

  /**
   * A value of which no more than 31 rounds are needed: halfway between least and most, by bits.
   */
  private static float halfway(float[] a, int low, int high) {
    float least = a[low];
    float most = a[low];
    for (int i = low + 1; i <= high; i++) {
      least = Math.min(least, a[i]);
      most = Math.max(most, a[i]);
    }
    int bits = Float.floatToIntBits(least);
    return Float.intBitsToFloat(bits + ((Float.floatToIntBits(most) - bits) >>> 1));
  }

  private static float least(float[] a, int from) {
    float least = a[from];
    for (int i = from + 1; i < a.length; i++) {
      least = Math.min(least, a[i]);
    }
    return least;
  }
}
