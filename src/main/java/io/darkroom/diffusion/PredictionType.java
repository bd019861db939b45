package io.darkroom.diffusion;

import java.util.Locale;

/** The predictions without preconditioning, named by the values of {@code prediction_type}. */
public enum PredictionType implements Prediction {
  /** The noise in a variance-preserving sample (Ho et al. 2020, section 3.2). */
  EPSILON {
    @Override
    public double sampleFactor(Level level) {
      return 1 / level.alpha();
    }

    @Override
    public double outputFactor(Level level) {
      return -level.sigma() / level.alpha();
    }
  },
  /** {@code alpha eps - sigma x0}, variance-preserving (Salimans and Ho 2022, appendix D). */
  V_PREDICTION {
    @Override
    public double sampleFactor(Level level) {
      return level.alpha() / level.power();
    }

    @Override
    public double outputFactor(Level level) {
      return -level.sigma() * inputScale(level);
    }
  },
  /** The clean sample itself. */
  SAMPLE {
    @Override
    public double sampleFactor(Level level) {
      return 0;
    }

    @Override
    public double outputFactor(Level level) {
      return 1;
    }
  },
  /**
   * Noise minus clean sample, the velocity on the straight path between them (Liu et al. 2023, eq.
   * 1).
   */
  FLOW_PREDICTION {
    @Override
    public double inputScale(Level level) {
      return 1 / (level.alpha() + level.sigma());
    }

    @Override
    public double sampleFactor(Level level) {
      return inputScale(level);
    }

    @Override
    public double outputFactor(Level level) {
      return -level.sigma() * inputScale(level);
    }
  },
  /** Clean sample minus noise: the negative of {@link #FLOW_PREDICTION}. */
  REVERSED_FLOW {
    @Override
    public double inputScale(Level level) {
      return FLOW_PREDICTION.inputScale(level);
    }

    @Override
    public double sampleFactor(Level level) {
      return FLOW_PREDICTION.sampleFactor(level);
    }

    @Override
    public double outputFactor(Level level) {
      return -FLOW_PREDICTION.outputFactor(level);
    }
  },
  /** Gradient of the log density of a variance-exploding sample (Song et al. 2021, eq. 7). */
  SCORE {
    @Override
    public double inputScale(Level level) {
      return 1 / level.alpha();
    }

    @Override
    public double sampleFactor(Level level) {
      return 1 / level.alpha();
    }

    @Override
    public double outputFactor(Level level) {
      double ratio = level.sigma() / level.alpha();
      return ratio * ratio;
    }
  };

  @Override
  public double inputScale(Level level) {
    return 1 / StrictMath.sqrt(level.power());
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
