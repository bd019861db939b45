package io.darkroom.diffusion.noise;

/**
 * Generates the 32-bit words of MT19937 (Matsumoto and Nishimura 1998), 624 at a time in loops that
 * the just-in-time compiler vectorises. Not thread-safe.
 */
final class MersenneTwister {

  /** Words of the state; a multiple of 16. */
  static final int STATE_WORDS = 624;

  private static final int SHIFT = 397;
  private static final int MATRIX = 0x9908b0df;

  private final int[] state = new int[STATE_WORDS];
  private final int[] neighbours = new int[STATE_WORDS - 1];
  private final int[] words = new int[STATE_WORDS];
  private int used = STATE_WORDS;

  MersenneTwister(int seed) {
    state[0] = seed;
    for (int i = 1; i < STATE_WORDS; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  /** Returns the next word. */
  int next() {
    if (used == STATE_WORDS) {
      twist();
    }
    return words[used++];
  }

  /** Writes the next {@code count} words to the beginning of {@code out}. */
  void fill(int[] out, int count) {
    for (int done = 0; done < count; ) {
      if (used == STATE_WORDS) {
        twist();
      }
      int some = Math.min(count - done, STATE_WORDS - used);
      System.arraycopy(words, used, out, done, some);
      used += some;
      done += some;
    }
  }

  /** Skips {@code count} words. */
  void skip(long count) {
    for (long done = 0; done < count; ) {
      if (used == STATE_WORDS) {
        twist();
      }
      int some = (int) Math.min(count - done, STATE_WORDS - used);
      used += some;
      done += some;
    }
  }

  /**
   * Generates the next state. Each loop uses equal indices of different arrays, which the compiler
   * vectorises.
   */
  private void twist() {
    System.arraycopy(state, 1, neighbours, 0, STATE_WORDS - 1);
    twist(state, neighbours, words);
    int turned = STATE_WORDS - SHIFT;
    mix(SHIFT, 0, turned);
    mix(0, turned, turned);
    mix(turned, 2 * turned, STATE_WORDS - 1 - 2 * turned);
    state[STATE_WORDS - 1] = state[SHIFT - 1] ^ twist(state[STATE_WORDS - 1], state[0]);
    temper(state, words);
    used = 0;
  }

  /**
   * Combines the twisted words from index {@code to} on with the words from index {@code from} on.
   */
  private void mix(int from, int to, int count) {
    System.arraycopy(state, from, neighbours, to, count);
    for (int i = to; i < to + count; i++) {
      state[i] = neighbours[i] ^ words[i];
    }
  }

  private static void twist(int[] state, int[] next, int[] twisted) {
    for (int i = 0; i < STATE_WORDS - 1; i++) {
      twisted[i] = twist(state[i], next[i]);
    }
  }

  private static int twist(int high, int low) {
    return (((high & 0x80000000) | (low & 0x7fffffff)) >>> 1) ^ (-(low & 1) & MATRIX);
  }

  private static void temper(int[] state, int[] words) {
    for (int i = 0; i < STATE_WORDS; i++) {
      int y = state[i];
      y ^= y >>> 11;
      y ^= (y << 7) & 0x9d2c5680;
      y ^= (y << 15) & 0xefc60000;
      words[i] = y ^ (y >>> 18);
    }
  }
}
