package io.darkroom.diffusion.schedule;

import java.util.Locale;

/**
 * How the steps of a render are placed on the training's timesteps, named by the values of {@code
 * timestep_spacing} (Lin et al. 2024, table 2). All give decreasing timesteps that are not yet
 * rounded.
 */
public enum Spacing {
  /** Evenly from the last timestep to the first, both included. */
  LINSPACE {
    @Override
    double[] timesteps(int trained, int steps, int offset) {
      double[] out = new double[steps];
      double step = steps == 1 ? 0 : (trained - 1.0) / (steps - 1);
      for (int i = 0; i < steps; i++) {
        out[steps - 1 - i] = i == steps - 1 && i > 0 ? trained - 1.0 : i * step;
      }
      return out;
    }
  },
  /** Multiples of a whole stride from the first timestep up, plus an offset. */
  LEADING {
    @Override
    double[] timesteps(int trained, int steps, int offset) {
      double[] out = new double[steps];
      int stride = trained / steps;
      for (int i = 0; i < steps; i++) {
        out[i] = (double) (steps - 1 - i) * stride + offset;
      }
      return out;
    }
  },
  /** Strides from the last timestep down, rounded half to even. */
  TRAILING {
    @Override
    double[] timesteps(int trained, int steps, int offset) {
      double[] out = new double[steps];
      double stride = (double) trained / steps;
      for (int i = 0; i < steps; i++) {
        out[i] = StrictMath.rint(trained - i * stride) - 1;
      }
      return out;
    }
  };

  /**
   * Returns the timesteps, decreasing.
   *
   * @param trained timesteps of the training
   * @param steps 1 to {@code trained}
   * @param offset added to leading timesteps
   */
  abstract double[] timesteps(int trained, int steps, int offset);

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
