package io.darkroom.diffusion.noise;

/**
 * PyTorch's numbers on a machine without AVX2, for draws of whole blocks of 16: the C library's
 * single-precision functions, here the rounded double-precision ones.
 */
final class ScalarNormals {
  private static final int BLOCK = 16;
  private static final int HALF = 8;

  private ScalarNormals() {}

  static double[] draw(long seed, int elements) {
    float[] uniform = new float[elements];
    TorchCpuNoise noise = new TorchCpuNoise(seed);
    noise.fillUniform(uniform);
    double[] out = new double[elements];
    int whole = elements / BLOCK * BLOCK;
    for (int start = 0; start < whole; start += BLOCK) {
      transform(uniform, start, out, start);
    }
    if (whole < elements) {
      float[] last = new float[BLOCK];
      noise.fillUniform(last);
      transform(last, 0, out, elements - BLOCK);
    }
    return out;
  }

  private static void transform(float[] uniform, int from, double[] out, int to) {
    for (int j = 0; j < HALF; j++) {
      float log = (float) StrictMath.log(1 - uniform[from + j]);
      float radius = (float) Math.sqrt(-2 * log);
      float angle = (float) (2 * Math.PI * uniform[from + j + HALF]);
      out[to + j] = radius * (float) StrictMath.cos(angle);
      out[to + j + HALF] = radius * (float) StrictMath.sin(angle);
    }
  }
}
