package io.darkroom.diffusion.sampler;

/**
 * Quantiles by selection instead of sorting (Hoare 1961, FIND): the range that contains the rank is
 * partitioned until it has one element, in time linear in the number of values on average. After
 * many bad partitions, the magnitudes are halved instead, so that the time is bounded for all
 * inputs.
 */
final class Quantile {
  private static final int MOST_ROUNDS = 80;

  private Quantile() {}

  /**
   * Returns the quantile of {@code |values|}, interpolated linearly between neighbours.
   *
   * @param ratio 0 to 1
   * @param spare scratch array, overwritten; its length, 1 or more, is the number of values to use
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

  /**
   * Returns the element at position {@code place} of the sorted order. Elements after it are not
   * smaller, elements before it not larger.
   */
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
   * Returns the midpoint between smallest and largest by bits, of which at most 31 rounds are
   * needed.
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
