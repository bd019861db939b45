package io.darkroom.diffusion.noise;

/**
 * What PyTorch's CUDA generator gives for a seed: {@code torch.randn(n, device="cuda")} in float32,
 * draw after draw on one generator. The integers behind the numbers are PyTorch's; the numbers
 * agree with a GPU's to rounding, for the GPU's logarithm and sine differ in their last digits.
 *
 * <p>Which thread of the GPU makes which element depends on how many threads there are ({@link
 * Launch}). Draws of fewer elements than threads are the same on every GPU that has as many.
 *
 * <p>No memory is allocated by a draw. Not safe for use by two threads at once.
 */
public final class TorchCudaNoise implements NoiseSource {
  private static final int NORMALS = 4;

  /**
   * The GPU whose numbers are meant.
   *
   * @param multiprocessors streaming multiprocessors, 1 or more
   * @param threadsEach resident threads of a multiprocessor, 256 or more
   */
  public record Launch(int multiprocessors, int threadsEach) {
    private static final int BLOCK = 256;

    /** An A100; draws of up to 221184 elements are the same on all larger GPUs. */
    public static final Launch DEFAULT = new Launch(108, 2048);

    public Launch {
      if (multiprocessors < 1 || threadsEach < BLOCK) {
        throw new IllegalArgumentException(
            "a launch must have 1 or more multiprocessors of 256 or more threads, is "
                + multiprocessors
                + " of "
                + threadsEach);
      }
    }

    /** Threads that PyTorch starts for a draw of so many elements. */
    long threads(int elements) {
      long wanted = (elements + BLOCK - 1L) / BLOCK;
      return BLOCK * Math.min(wanted, (long) multiprocessors * (threadsEach / BLOCK));
    }
  }

  private final Launch launch;
  private final PhiloxNormals normals;
  private long calls;

  /** A generator as {@code torch.Generator("cuda").manual_seed(seed)} leaves it, on an A100. */
  public TorchCudaNoise(long seed) {
    this(seed, Launch.DEFAULT);
  }

  /** A generator as {@code torch.Generator("cuda").manual_seed(seed)} leaves it. */
  public TorchCudaNoise(long seed, Launch launch) {
    this.launch = launch;
    this.normals = new PhiloxNormals(seed);
  }

  /** PyTorch's offset: four for every call of every thread so far. */
  public long offset() {
    return NORMALS * calls;
  }

  /** {@code torch.randn(out.length, device="cuda")} in float32. */
  @Override
  public void fill(float[] out) {
    if (out.length == 0) {
      return;
    }
    long threads = launch.threads(out.length);
    for (long start = 0; start < out.length; start += NORMALS * threads) {
      for (long thread = 0; thread < threads; thread += PhiloxNormals.CHUNK) {
        fill(out, start, threads, thread);
      }
      calls++;
    }
  }

  private void fill(float[] out, long start, long threads, long thread) {
    int pairs = start + 2 * threads + thread < out.length ? 2 : 1;
    float[][] made = normals.at(calls, thread, PhiloxNormals.CHUNK, pairs);
    for (int m = 0; m < 2 * pairs; m++) {
      long at = start + m * threads + thread;
      int count = (int) Math.min(PhiloxNormals.CHUNK, out.length - at);
      if (count > 0) {
        System.arraycopy(made[m], 0, out, (int) at, count);
      }
    }
  }
}
