package io.darkroom.diffusion.noise;

/**
 * Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): computes four
 * words from a key and a counter of four words, without state.
 */
final class Philox {
  private static final int ROUNDS = 10;
  private static final long MULTIPLIER_0 = 0xd2511f53L;
  private static final long MULTIPLIER_1 = 0xcd9e8d57L;
  private static final int WEYL_0 = 0x9e3779b9;
  private static final int WEYL_1 = 0xbb67ae85;
  private static final long WORD = 0xffffffffL;

  private final int key0;
  private final int key1;

  /** Creates the function for a seed, whose low word is the first word of the key. */
  Philox(long seed) {
    key0 = (int) seed;
    key1 = (int) (seed >>> 32);
  }

  /**
   * Computes the words of consecutive counters: word {@code m} of counter {@code (low, high + i)}
   * is written to {@code out[m][i]}.
   *
   * @param low the first two words of the counter
   * @param high the last two words of the counter
   */
  void fill(int[][] out, int count, long low, long high) {
    int[] out0 = out[0];
    int[] out1 = out[1];
    int[] out2 = out[2];
    int[] out3 = out[3];
    for (int i = 0; i < count; i++) {
      int c0 = (int) low;
      int c1 = (int) (low >>> 32);
      int c2 = (int) (high + i);
      int c3 = (int) ((high + i) >>> 32);
      int k0 = key0;
      int k1 = key1;
      for (int round = 0; round < ROUNDS; round++) {
        long product0 = MULTIPLIER_0 * (c0 & WORD);
        long product1 = MULTIPLIER_1 * (c2 & WORD);
        c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
        c1 = (int) product1;
        c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
        c3 = (int) product0;
        k0 += WEYL_0;
        k1 += WEYL_1;
      }
      out0[i] = c0;
      out1[i] = c1;
      out2[i] = c2;
      out3[i] = c3;
    }
  }
}
