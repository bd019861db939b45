package io.darkroom.diffusion.schedule;

/** Evenly spaced numbers. */
public final class Linspace {

  private Linspace() {}

  /**
   * Returns {@code steps} float32 numbers from both ends towards the middle, each rounded once, as
   * {@code torch.linspace} makes them.
   */
  public static float[] floats(double start, double end, int steps) {
    float first = (float) start;
    float last = (float) end;
    float step = steps == 1 ? 0 : (last - first) / (steps - 1);
    int half = steps == 1 ? 1 : steps / 2;
    float[] out = new float[steps];
    for (int i = 0; i < steps; i++) {
      out[i] = i < half ? Math.fma(step, i, first) : Math.fma(-step, steps - 1 - i, last);
    }
    return out;
  }
}
