package io.darkroom.diffusion.schedule;

import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * How the noise that training adds grows with the timestep, named by the values of {@code
 * beta_schedule}. Tables are float32, as in training.
 */
public enum BetaSchedule {
  /** Betas increase linearly from start to end (Ho et al. 2020, section 4). */
  LINEAR {
    @Override
    float[] betas(double start, double end, int steps) {
      return Linspace.floats(start, end, steps);
    }
  },
  /** Square roots of the betas increase linearly (Rombach et al. 2022, latent diffusion). */
  SCALED_LINEAR {
    @Override
    float[] betas(double start, double end, int steps) {
      float[] betas = Linspace.floats(StrictMath.sqrt(start), StrictMath.sqrt(end), steps);
      for (int i = 0; i < steps; i++) {
        betas[i] *= betas[i];
      }
      return betas;
    }
  },
  /** Squared cosine signal level (Nichol and Dhariwal 2021, eq. 17); the range has no effect. */
  SQUAREDCOS_CAP_V2 {
    @Override
    float[] betas(double start, double end, int steps) {
      return fromAlphaBar(steps, BetaSchedule::squaredCosine);
    }
  },
  /** Another name of {@link #SQUAREDCOS_CAP_V2}. */
  COSINE {
    @Override
    float[] betas(double start, double end, int steps) {
      return SQUAREDCOS_CAP_V2.betas(start, end, steps);
    }
  },
  /** A logistic curve over -6 to 6, from start to end (Xu et al. 2022, GeoDiff). */
  SIGMOID {
    @Override
    float[] betas(double start, double end, int steps) {
      return rising(start, end, steps, BetaSchedule::logistic);
    }
  },
  /** {@code (1 + tanh z) / 2} over -6 to 6, from start to end. */
  TANH {
    @Override
    float[] betas(double start, double end, int steps) {
      return rising(start, end, steps, z -> (1 + StrictMath.tanh(z)) / 2);
    }
  },
  /** Every beta is the end of the range. */
  CONSTANT {
    @Override
    float[] betas(double start, double end, int steps) {
      return Linspace.floats(end, end, steps);
    }
  },
  /** Log-SNR follows a Laplace distribution (Hang et al. 2024); the range has no effect. */
  LAPLACE {
    @Override
    float[] betas(double start, double end, int steps) {
      return fromAlphaBar(steps, BetaSchedule::laplace);
    }
  },
  /** Signal level {@code exp(-12 t)}; the range has no effect. */
  EXP {
    @Override
    float[] betas(double start, double end, int steps) {
      return fromAlphaBar(steps, t -> StrictMath.exp(-12 * t));
    }
  };

  /** Betas above this would leave no signal after a few steps (Nichol and Dhariwal 2021). */
  private static final double MOST = 0.999;

  /** Returns the betas, {@code [steps]}, the least noisy first. */
  abstract float[] betas(double start, double end, int steps);

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static float[] rising(
      double start, double end, int steps, DoubleUnaryOperator zeroToOne) {
    float[] out = Linspace.floats(-6, 6, steps);
    float range = (float) (end - start);
    for (int i = 0; i < steps; i++) {
      out[i] = (float) zeroToOne.applyAsDouble(out[i]) * range + (float) start;
    }
    return out;
  }

  private static float[] fromAlphaBar(int steps, DoubleUnaryOperator alphaBar) {
    float[] out = new float[steps];
    for (int i = 0; i < steps; i++) {
      double before = alphaBar.applyAsDouble((double) i / steps);
      double after = alphaBar.applyAsDouble((double) (i + 1) / steps);
      out[i] = (float) Math.min(1 - after / before, MOST);
    }
    return out;
  }

  private static double squaredCosine(double t) {
    double cosine = StrictMath.cos((t + 0.008) / 1.008 * Math.PI / 2);
    return cosine * cosine;
  }

  /** Computes in float32 from the exponential on, as the reference tables were made. */
  private static double logistic(double z) {
    return 1 / (1 + (float) StrictMath.exp(-z));
  }

  private static double laplace(double t) {
    double distance = 0.5 - t;
    double lambda =
        -0.5
            * StrictMath.copySign(1, distance)
            * StrictMath.log(1 - 2 * StrictMath.abs(distance) + 1e-6);
    double snr = StrictMath.exp(lambda);
    return StrictMath.sqrt(snr / (1 + snr));
  }
}
