package io.darkroom.diffusion.noise;

/**
 * What PyTorch's CPU generator gives for a seed: {@code torch.randn} and {@code torch.rand}, draw
 * after draw on one generator, in the bits of its AVX2 kernels (single precision). Draws of fewer
 * than 16 elements go another way in PyTorch, one element at a time in double precision with every
 * second number kept for later; so do they here.
 *
 * <p>No memory is allocated by a draw. Not safe for use by two threads at once.
 */
public final class TorchCpuNoise implements NoiseSource {

  /** Normal numbers of 16 and more elements come in blocks: 8 radii, 8 angles. */
  private static final int BLOCK = 16;

  private static final int HALF = BLOCK / 2;
  private static final int CHUNK = MersenneTwister.TURN;
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
  private double kept = Double.NaN;

  /**
   * A generator as {@code torch.Generator().manual_seed(seed)} leaves it.
   *
   * @param seed PyTorch's -2^63 to 2^64-1, modulo 2^64; its generator uses the low 32 bits
   */
  public TorchCpuNoise(long seed) {
    twister = new MersenneTwister((int) seed);
  }

  /** {@code torch.randn(out.length)} in float32. */
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
      // PyTorch draws a uniform number for every element, then begins the last block anew.
      twister.skip(out.length - whole);
      fillBlocks(out, out.length - BLOCK, BLOCK);
    }
  }

  /** {@code torch.randn(out.length, dtype=torch.float64)}, to the last bits of the logarithm. */
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

  /** {@code torch.rand(out.length)} in float32: 0 to 1, 1 excluded. */
  public void fillUniform(float[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = (twister.next() & 0xffffff) * PER_FLOAT_STEP;
    }
  }

  /** {@code torch.rand(out.length, dtype=torch.float64)}: 0 to 1, 1 excluded. */
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

  /** Radii and angles side by side, from the uniform numbers that a block has of each. */
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
   * The low 24 bits of each word as a number from 0 to 1. Counted up from the bits of 1, they are
   * floats in steps of {@code 2^-23} up to 2, then in steps twice as long.
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
