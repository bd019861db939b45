package io.darkroom.diffusion.noise;

/**
 * Darkroom's own numbers: every element of every draw is a function of seed, draw and element, so
 * that any part of any draw can be made anywhere, in any order, without what comes before it.
 *
 * <p>Element {@code e} of draw {@code d} is number {@code e mod 4} of the Philox4x32-10 counter
 * {@code (d low, d high, e/4 low, e/4 high)} under the key {@code (seed low, seed high)}. Of the
 * counter's words {@code w0..w3}, {@code (w0, w1)} give the numbers 0 and 1, {@code (w2, w3)} the
 * numbers 2 and 3: {@code sqrt(-2 ln u)} times the sine, then the cosine, of {@code v}, where
 * {@code u = (w + 1/2) / 2^32} and {@code v = 2 pi (w' + 1/2) / 2^32} in float32 by one fused
 * multiply-add each. The same bits on every machine.
 *
 * <p>No memory is allocated by a draw. Not safe for use by two threads at once.
 */
public final class PhiloxNoise implements NoiseSource {
  private static final int NORMALS = 4;

  private final PhiloxNormals normals;
  private long draw;

  /** All 64 bits of the seed matter. */
  public PhiloxNoise(long seed) {
    normals = new PhiloxNormals(seed);
  }

  @Override
  public void fill(float[] out) {
    fill(draw++, 0, out);
  }

  @Override
  public void skip(int draws, int size) {
    draw += draws;
  }

  /** Fills {@code out} with the elements of a draw from the {@code from}-th on, 0 or more. */
  public void fill(long draw, long from, float[] out) {
    int skipped = (int) (from % NORMALS);
    long counter = from / NORMALS;
    for (int done = -skipped; done < out.length; done += NORMALS * PhiloxNormals.CHUNK) {
      int counters = Math.min(PhiloxNormals.CHUNK, (out.length - done + NORMALS - 1) / NORMALS);
      float[][] made = normals.at(draw, counter, counters, 2);
      join(made, out, done, counters);
      counter += counters;
    }
  }

  private static void join(float[][] made, float[] out, int start, int counters) {
    int first = start < 0 ? 1 : 0;
    int whole = Math.min(counters, (out.length - start) / NORMALS);
    float[] made0 = made[0];
    float[] made1 = made[1];
    float[] made2 = made[2];
    float[] made3 = made[3];
    for (int i = first; i < whole; i++) {
      int at = start + NORMALS * i;
      out[at] = made0[i];
      out[at + 1] = made1[i];
      out[at + 2] = made2[i];
      out[at + 3] = made3[i];
    }
    joinPart(made, out, start, 0, first);
    joinPart(made, out, start, Math.max(whole, first), counters);
  }

  private static void joinPart(float[][] made, float[] out, int start, int from, int to) {
    for (int e = NORMALS * from; e < NORMALS * to; e++) {
      int at = start + e;
      if (at >= 0 && at < out.length) {
        out[at] = made[e % NORMALS][e / NORMALS];
      }
    }
  }
}
