package io.darkroom.diffusion.schedule;

import java.util.Locale;

/**
 * Where the steps of a render fall among the timesteps of the training, by the names of {@code
 * timestep_spacing} (Lin et al. 2024, table 2). All give falling timesteps, not yet rounded.
 */
public enum Spacing {
  /** From the last timestep to the first, both visited. */
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
  /** Whole strides from the first timestep up, all shifted by an offset. */
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
   * The timesteps, falling.
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
