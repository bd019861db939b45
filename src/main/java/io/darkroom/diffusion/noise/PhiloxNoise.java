package io.darkroom.diffusion.noise;

/**
 * Darkroom's own noise: every element is a function of seed, draw and element index, so any part of
 * any draw can be generated in any order.
 *
 * <p>Element {@code e} of draw {@code d} is number {@code e mod 4} of the Philox4x32-10 counter
 * {@code (d low, d high, e/4 low, e/4 high)} with the key {@code (seed low, seed high)}. Of the
 * counter's words {@code w0..w3}, {@code (w0, w1)} give the numbers 0 and 1, {@code (w2, w3)} the
 * numbers 2 and 3: {@code sqrt(-2 ln u)} times the sine, then the cosine, of {@code v}, where
 * {@code u = (w + 1/2) / 2^32} and {@code v = 2 pi (w' + 1/2) / 2^32} in float32 by one fused
 * multiply-add each. The bits are the same on every machine.
 *
 * <p>Draws allocate no memory. Not thread-safe.
 */
public final class PhiloxNoise implements NoiseSource {
  private static final int NORMALS = 4;

  private final PhiloxNormals normals;
  private float[] row = new float[0];
  private long draw;

  /** Creates a source. All 64 bits of the seed are used. */
  public PhiloxNoise(long seed) {
    normals = new PhiloxNormals(seed);
  }

  @Override
  public void fill(float[] out) {
    fill(draw++, 0, out);
  }

  @Override
  public void fill(Cut cut, float[] out) {
    if (row.length != cut.columns()) {
      row = new float[cut.columns()];
    }
    for (int i = 0; i < cut.allRows(); i++) {
      fill(draw, cut.begin(i), row);
      System.arraycopy(row, 0, out, i * row.length, row.length);
    }
    draw++;
  }

  @Override
  public void skip(int draws, long size) {
    draw += draws;
  }

  /** Fills {@code out} with elements of a draw, starting at element {@code from}, 0 or more. */
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
