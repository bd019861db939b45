package io.darkroom.diffusion.noise;

/**
 * The numbers of PyTorch's CPU generator for a seed: {@code torch.randn} and {@code torch.rand},
 * draw after draw on one generator, with the bits of its AVX2 kernels (single precision). As in
 * PyTorch, draws of fewer than 16 elements use another method: one element at a time in double
 * precision, keeping the second number of each pair for the next element.
 *
 * <p>Draws allocate no memory. Not thread-safe.
 */
public final class TorchCpuNoise implements NoiseSource {

  /** Draws of 16 or more normal numbers are made in blocks of 8 radii and 8 angles. */
  private static final int BLOCK = 16;

  private static final int HALF = BLOCK / 2;
  private static final int CHUNK = MersenneTwister.STATE_WORDS;
  private static final int BITS_OF_ONE = 0x3f800000;
  private static final float PER_FLOAT_STEP = 0x1p-24f;
  private static final double PER_DOUBLE_STEP = 0x1p-53;

  private final MersenneTwister twister;
  private final int[] words = new int[CHUNK];
  private final FloatBits bits = new FloatBits(CHUNK);
  private final float[] uniforms = new float[CHUNK];
  private final float[] first = new float[CHUNK / 2];
  private final float[] second = new float[CHUNK / 2];
  private final BoxMuller boxMuller = new BoxMuller(CHUNK / 2);
  private final float[] part = new float[CHUNK];
  private double kept = Double.NaN;

  /**
   * Creates a generator in the state after {@code torch.Generator().manual_seed(seed)}.
   *
   * @param seed as PyTorch's, -2^63 to 2^64-1 modulo 2^64; the generator uses the low 32 bits
   */
  public TorchCpuNoise(long seed) {
    twister = new MersenneTwister((int) seed);
  }

  /** Draws {@code torch.randn(out.length)} in float32. */
  @Override
  public void fill(float[] out) {
    if (out.length < BLOCK) {
      for (int i = 0; i < out.length; i++) {
        out[i] = (float) nextNormal();
      }
      return;
    }
    int whole = out.length / BLOCK * BLOCK;
    fillBlocks(out, 0, whole);
    if (whole < out.length) {
      // PyTorch draws a uniform number for every element, then redraws the last block.
      twister.skip(out.length - whole);
      fillBlocks(out, out.length - BLOCK, BLOCK);
    }
  }

  /** Fills {@code out} with a part of the next draw; numbers outside it are skipped. */
  @Override
  public void fill(Cut cut, float[] out) {
    if (cut.size() < BLOCK) {
      NoiseSource.super.fill(cut, out);
      return;
    }
    long whole = cut.size() / BLOCK * BLOCK;
    for (long done = 0; done < whole; done += CHUNK) {
      takeBlocks(cut, done, (int) Math.min(CHUNK, whole - done), out);
    }
    if (whole < cut.size()) {
      twister.skip(cut.size() - whole);
      takeBlocks(cut, cut.size() - BLOCK, BLOCK, out);
    }
  }

  private void takeBlocks(Cut cut, long from, int count, float[] out) {
    if (cut.touches(from, count)) {
      fillBlocks(part, 0, count);
      cut.take(from, part, count, out);
    } else {
      twister.skip(count);
    }
  }

  @Override
  public void skip(int draws, long size) {
    if (size < BLOCK) {
      NoiseSource.super.skip(draws, size);
      return;
    }
    long rest = size % BLOCK;
    twister.skip(draws * (size + (rest == 0 ? 0 : BLOCK)));
  }

  /**
   * Draws {@code torch.randn(out.length, dtype=torch.float64)}, equal up to the last bits of the
   * logarithm.
   */
  public void fill(double[] out) {
    if (out.length < BLOCK) {
      for (int i = 0; i < out.length; i++) {
        out[i] = nextNormal();
      }
      return;
    }
    fillUniform(out);
    for (int start = 0; start + BLOCK <= out.length; start += BLOCK) {
      transformBlock(out, start);
    }
    if (out.length % BLOCK != 0) {
      int last = out.length - BLOCK;
      for (int i = last; i < out.length; i++) {
        out[i] = nextUniform();
      }
      transformBlock(out, last);
    }
  }

  /** Draws {@code torch.rand(out.length)} in float32: 0 to 1, 1 excluded. */
  public void fillUniform(float[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = (twister.next() & 0xffffff) * PER_FLOAT_STEP;
    }
  }

  /** Draws {@code torch.rand(out.length, dtype=torch.float64)}: 0 to 1, 1 excluded. */
  public void fillUniform(double[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = nextUniform();
    }
  }

  private void fillBlocks(float[] out, int from, int count) {
    for (int done = 0; done < count; done += CHUNK) {
      int some = Math.min(CHUNK, count - done);
      twister.fill(words, some);
      separate(some / BLOCK);
      boxMuller.transform(first, second, some / 2);
      join(out, from + done, some / BLOCK);
    }
  }

  /** Separates the uniform numbers of each block into radii and angles. */
  private void separate(int blocks) {
    uniforms(blocks * BLOCK);
    for (int block = 0; block < blocks; block++) {
      System.arraycopy(uniforms, block * BLOCK, first, block * HALF, HALF);
      System.arraycopy(uniforms, block * BLOCK + HALF, second, block * HALF, HALF);
    }
    for (int i = 0; i < blocks * HALF; i++) {
      first[i] = 1 - first[i];
      second[i] *= BoxMuller.TWO_PI;
    }
  }

  /**
   * Converts the low 24 bits of each word to a number from 0 to 1. Added to the bits of 1, they are
   * floats in steps of {@code 2^-23} up to 2 and then in steps twice as long.
   */
  private void uniforms(int count) {
    for (int i = 0; i < count; i++) {
      words[i] = BITS_OF_ONE + (words[i] & 0xffffff);
    }
    bits.toFloats(words, uniforms, count);
    for (int i = 0; i < count; i++) {
      float half = 0.5f * uniforms[i];
      float beyond = half - 1;
      uniforms[i] = half - 0.5f - 0.25f * (beyond + Math.abs(beyond));
    }
  }

  private void join(float[] out, int from, int blocks) {
    for (int block = 0; block < blocks; block++) {
      System.arraycopy(first, block * HALF, out, from + block * BLOCK, HALF);
      System.arraycopy(second, block * HALF, out, from + block * BLOCK + HALF, HALF);
    }
  }

  private static void transformBlock(double[] out, int start) {
    for (int j = start; j < start + HALF; j++) {
      double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - out[j]));
      double angle = 2 * Math.PI * out[j + HALF];
      out[j] = radius * StrictMath.cos(angle);
      out[j + HALF] = radius * StrictMath.sin(angle);
    }
  }

  private double nextNormal() {
    if (!Double.isNaN(kept)) {
      double normal = kept;
      kept = Double.NaN;
      return normal;
    }
    double angle = 2 * Math.PI * nextUniform();
    double radius = StrictMath.sqrt(-2 * StrictMath.log1p(-nextUniform()));
    kept = radius * StrictMath.sin(angle);
    return radius * StrictMath.cos(angle);
  }

  private double nextUniform() {
    long high = twister.next();
    long low = twister.next() & 0xffffffffL;
    return ((high << 32 | low) & 0x1fffffffffffffL) * PER_DOUBLE_STEP;
  }
}
