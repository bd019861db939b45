package io.darkroom.diffusion.noise;

/**
 * Computes four normal numbers per Philox counter in the order of NVIDIA's cuRAND: two Box-Muller
 * pairs, the sine's number first. Scratch arrays are allocated once. Not thread-safe.
 */
final class PhiloxNormals {

  /** Maximum counters per call. */
  static final int CHUNK = 256;

  private static final float PER_WORD = 0x1p-32f;
  private static final float HALF_WORD = 0x1p-33f;
  private static final float ANGLE_PER_WORD = BoxMuller.TWO_PI * PER_WORD;
  private static final float ANGLE_OF_HALF_WORD = ANGLE_PER_WORD / 2;

  private final Philox philox;
  private final int[][] words = new int[4][CHUNK];
  private final float[][] normals = new float[4][CHUNK];
  private final BoxMuller boxMuller = new BoxMuller(CHUNK);

  PhiloxNormals(long seed) {
    philox = new Philox(seed);
  }

  /**
   * Returns the numbers of the counters {@code (low, high)} to {@code (low, high + count - 1)}:
   * array {@code m} holds number {@code m} of counter {@code i} at index {@code i}. The next call
   * overwrites them.
   *
   * @param count at most {@link #CHUNK}
   * @param pairs 1 to compute only the numbers 0 and 1, else 2
   */
  float[][] at(long low, long high, int count, int pairs) {
    philox.fill(words, count, low, high);
    for (int pair = 0; pair < pairs; pair++) {
      float[] cosines = normals[2 * pair + 1];
      float[] sines = normals[2 * pair];
      spread(words[2 * pair], cosines, count, PER_WORD, HALF_WORD);
      spread(words[2 * pair + 1], sines, count, ANGLE_PER_WORD, ANGLE_OF_HALF_WORD);
      boxMuller.transform(cosines, sines, count);
    }
    return normals;
  }

  private static void spread(int[] words, float[] out, int count, float factor, float offset) {
    for (int i = 0; i < count; i++) {
      out[i] = Math.fma((float) (words[i] & 0xffffffffL), factor, offset);
    }
  }
}
