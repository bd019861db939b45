package io.darkroom.diffusion.noise;

/**
 * The 32-bit words of MT19937 (Matsumoto and Nishimura 1998), made 624 at a time in loops that the
 * just-in-time compiler turns into vector instructions. Not safe for use by two threads at once.
 */
final class MersenneTwister {

  /** Words to a turn of the state; a multiple of 16. */
  static final int TURN = 624;

  private static final int SHIFT = 397;
  private static final int MATRIX = 0x9908b0df;

  private final int[] state = new int[TURN];
  private final int[] beside = new int[TURN - 1];
  private final int[] words = new int[TURN];
  private int used = TURN;

  MersenneTwister(int seed) {
    state[0] = seed;
    for (int i = 1; i < TURN; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  /** The next word. */
  int next() {
    if (used == TURN) {
      turn();
    }
    return words[used++];
  }

  /** The next {@code count} words, into the beginning of {@code out}. */
  void fill(int[] out, int count) {
    for (int done = 0; done < count; ) {
      if (used == TURN) {
        turn();
      }
      int some = Math.min(count - done, TURN - used);
      System.arraycopy(words, used, out, done, some);
      used += some;
      done += some;
    }
  }

  /** Passes over {@code count} words. */
  void skip(int count) {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  /** Loops take equal places of different arrays: of those the compiler makes vectors. */
  private void turn() {
    System.arraycopy(state, 1, beside, 0, TURN - 1);
    twist(state, beside, words);
    int turned = TURN - SHIFT;
    mix(SHIFT, 0, turned);
    mix(0, turned, turned);
    mix(turned, 2 * turned, TURN - 1 - 2 * turned);
    state[TURN - 1] = state[SHIFT - 1] ^ twist(state[TURN - 1], state[0]);
    temper(state, words);
    used = 0;
  }

  /** Words from place {@code to} on: the twisted ones and those from place {@code from} on. */
  private void mix(int from, int to, int count) {
    System.arraycopy(state, from, beside, to, count);
    for (int i = to; i < to + count; i++) {
      state[i] = beside[i] ^ words[i];
    }
  }

  private static void twist(int[] state, int[] next, int[] twisted) {
    for (int i = 0; i < TURN - 1; i++) {
      twisted[i] = twist(state[i], next[i]);
    }
  }

  private static int twist(int high, int low) {
    return (((high & 0x80000000) | (low & 0x7fffffff)) >>> 1) ^ (-(low & 1) & MATRIX);
  }

  private static void temper(int[] state, int[] words) {
    for (int i = 0; i < TURN; i++) {
      int y = state[i];
      y ^= y >>> 11;
      y ^= (y << 7) & 0x9d2c5680;
      y ^= (y << 15) & 0xefc60000;
      words[i] = y ^ (y >>> 18);
    }
  }
}
