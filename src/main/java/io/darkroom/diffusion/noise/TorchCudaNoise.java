package io.darkroom.diffusion.noise;

/**
 * The numbers of PyTorch's CUDA generator for a seed: {@code torch.randn(n, device="cuda")} in
 * float32, draw after draw on one generator. The underlying integers equal PyTorch's; the normal
 * numbers agree with a GPU's up to rounding, because the GPU's logarithm and sine differ in their
 * last digits.
 *
 * <p>The assignment of elements to GPU threads depends on the number of threads ({@link Launch}).
 * Draws with fewer elements than threads are equal on every GPU that has at least as many threads.
 *
 * <p>Draws allocate no memory. Not thread-safe.
 */
public final class TorchCudaNoise implements NoiseSource {
  private static final int NORMALS = 4;

  /**
   * The GPU whose numbers are generated.
   *
   * @param multiprocessors number of streaming multiprocessors, 1 or more
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

    /**
     * Returns the number of threads that PyTorch starts for a draw of {@code elements} elements.
     */
    long threads(long elements) {
      long wanted = (elements + BLOCK - 1L) / BLOCK;
      return BLOCK * Math.min(wanted, (long) multiprocessors * (threadsEach / BLOCK));
    }
  }

  private final Launch launch;
  private final PhiloxNormals normals;
  private long calls;

  /**
   * Creates a generator in the state after {@code torch.Generator("cuda").manual_seed(seed)} on an
   * A100.
   */
  public TorchCudaNoise(long seed) {
    this(seed, Launch.DEFAULT);
  }

  /** Creates a generator in the state after {@code torch.Generator("cuda").manual_seed(seed)}. */
  public TorchCudaNoise(long seed, Launch launch) {
    this.launch = launch;
    this.normals = new PhiloxNormals(seed);
  }

  /** Returns PyTorch's offset: four for every call of every thread so far. */
  public long offset() {
    return NORMALS * calls;
  }

  /** Draws {@code torch.randn(out.length, device="cuda")} in float32. */
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

  /**
   * Fills {@code out} with a part of the next draw; numbers outside it are not made if possible.
   */
  @Override
  public void fill(Cut cut, float[] out) {
    long threads = launch.threads(cut.size());
    for (long start = 0; start < cut.size(); start += NORMALS * threads) {
      for (long thread = 0; thread < threads; thread += PhiloxNormals.CHUNK) {
        take(cut, start, threads, thread, out);
      }
      calls++;
    }
  }

  private void take(Cut cut, long start, long threads, long thread, float[] out) {
    boolean wanted = false;
    for (int m = 0; m < NORMALS; m++) {
      wanted |= cut.touches(start + m * threads + thread, PhiloxNormals.CHUNK);
    }
    if (!wanted) {
      return;
    }
    float[][] made = normals.at(calls, thread, PhiloxNormals.CHUNK, 2);
    for (int m = 0; m < NORMALS; m++) {
      cut.take(start + m * threads + thread, made[m], PhiloxNormals.CHUNK, out);
    }
  }

  @Override
  public void skip(int draws, long size) {
    if (size > 0) {
      long each = NORMALS * launch.threads(size);
      calls += draws * ((size + each - 1) / each);
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
