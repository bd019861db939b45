package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.Level;
import java.util.Arrays;
import java.util.Optional;

/**
 * The noise schedule of the training: the remaining signal at each training timestep.
 * Variance-preserving: {@code alpha² = alphasCumprod}, {@code sigma² = 1 - alphasCumprod}.
 *
 * <p>Tables are float32 with the rounding of the training libraries: alphas are {@code 1 - beta} in
 * float32, their running product is kept in double, and each entry is rounded. Immutable.
 */
public final class NoiseCurve {
  private static final double LEAST_SIGNAL = 1e-30;

  private final float[] betas;
  private final float[] alphasCumprod;

  private NoiseCurve(float[] betas, float[] alphasCumprod) {
    this.betas = betas;
    this.alphasCumprod = alphasCumprod;
  }

  /**
   * Returns the curve of a named schedule.
   *
   * @param start the first beta, above 0 and below 1
   * @param end the last beta, above 0 and below 1
   * @param steps timesteps of the training, 1 or more
   */
  public static NoiseCurve of(BetaSchedule schedule, double start, double end, int steps) {
    return ofBetas(schedule.betas(start, end, steps));
  }

  /**
   * Returns the curve of given betas.
   *
   * @param betas {@code [steps]}, each above 0 and at most 1; copied
   */
  public static NoiseCurve ofBetas(float[] betas) {
    return new NoiseCurve(betas.clone(), product(betas));
  }

  /**
   * Returns the curve shifted and scaled so that no signal remains at the last timestep (Lin et al.
   * 2024, algorithm 1).
   */
  public NoiseCurve rescaledToZeroSnr() {
    float first = (float) StrictMath.sqrt(alphasCumprod[0]);
    float last = (float) StrictMath.sqrt(alphasCumprod[steps() - 1]);
    float stretch = first / (first - last);
    float[] rescaled = new float[steps()];
    float before = 1;
    for (int i = 0; i < steps(); i++) {
      float root = ((float) StrictMath.sqrt(alphasCumprod[i]) - last) * stretch;
      float level = root * root;
      rescaled[i] = 1 - level / before;
      before = level;
    }
    return ofBetas(rescaled);
  }

  /**
   * Returns the curve with a signal of 2^-24 at its last timestep, for samplers whose
   * noise-to-signal ratio must be finite.
   */
  NoiseCurve withTraceOfSignal() {
    float[] levels = alphasCumprod.clone();
    levels[steps() - 1] = 0x1p-24f;
    return new NoiseCurve(betas, levels);
  }

  /**
   * Returns why a sampler cannot use the curve: the signal does not decrease, or is smaller than a
   * float can hold before the last timestep. Empty if it can.
   */
  Optional<String> flaw() {
    double before = 1;
    for (int t = 0; t < steps(); t++) {
      double left = alphasCumprod[t];
      boolean ended = left == 0 && t > 0 && t == steps() - 1;
      if (!(left < before) || !(left > LEAST_SIGNAL || ended)) {
        return Optional.of(
            "must take signal at each timestep and leave some, leaves "
                + left
                + " after "
                + before
                + " at timestep "
                + t);
      }
      before = left;
    }
    return Optional.empty();
  }

  /** Returns the number of training timesteps. */
  public int steps() {
    return betas.length;
  }

  /** Returns the variance of the noise that timestep {@code t} adds. */
  public float beta(int t) {
    return betas[t];
  }

  /** Returns the remaining fraction of the signal's variance at timestep {@code t}. */
  public float alphaCumprod(int t) {
    return alphasCumprod[t];
  }

  /** Returns the variance-preserving level at timestep {@code t}. */
  public Level level(int t) {
    return levelOf(alphasCumprod[t]);
  }

  /** Returns the noise-to-signal ratio at timestep {@code t}. */
  public double sigma(int t) {
    double alphaCumprod = alphasCumprod[t];
    return StrictMath.sqrt((1 - alphaCumprod) / alphaCumprod);
  }

  /**
   * Returns the noise-to-signal ratio at a fractional timestep, interpolated linearly and clamped
   * at both ends.
   */
  public double sigma(double t) {
    if (t <= 0) {
      return sigma(0);
    }
    if (t >= steps() - 1) {
      return sigma(steps() - 1);
    }
    int below = (int) t;
    double rest = t - below;
    return rest == 0 ? sigma(below) : sigma(below) + rest * (sigma(below + 1) - sigma(below));
  }

  /**
   * Returns the fractional timestep of a noise-to-signal ratio, interpolated linearly in log sigma
   * and clamped at both ends. The inverse of {@link #sigma(int)}.
   */
  public double timestep(double sigma) {
    int below = 0;
    int above = steps() - 1;
    while (above - below > 1) {
      int middle = (below + above) / 2;
      if (sigma(middle) <= sigma) {
        below = middle;
      } else {
        above = middle;
      }
    }
    if (sigma <= sigma(below)) {
      return below;
    }
    if (sigma >= sigma(above)) {
      return above;
    }
    double low = StrictMath.log(sigma(below));
    double high = StrictMath.log(sigma(above));
    return below + (StrictMath.log(sigma) - low) / (high - low);
  }

  /**
   * Returns the fractional timestep at which the signal has this factor. The factor is interpolated
   * linearly between timesteps, as in the inference of DiffWave (Kong et al. 2021), and clamped to
   * the ends.
   *
   * @param amplitude factor of the signal, 0 to 1
   */
  double timestepOfAmplitude(double amplitude) {
    int below = 0;
    int above = steps() - 1;
    while (above - below > 1) {
      int middle = (below + above) / 2;
      if (level(middle).alpha() >= amplitude) {
        below = middle;
      } else {
        above = middle;
      }
    }
    double low = level(below).alpha();
    double high = level(above).alpha();
    if (amplitude >= low) {
      return below;
    }
    return amplitude <= high ? above : below + (low - amplitude) / (low - high);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NoiseCurve that
        && Arrays.equals(betas, that.betas)
        && Arrays.equals(alphasCumprod, that.alphasCumprod);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(alphasCumprod);
  }

  @Override
  public String toString() {
    return "NoiseCurve[" + steps() + " steps to sigma " + sigma(steps() - 1) + "]";
  }

  /** Returns the variance-preserving level with this fraction of the signal's variance. */
  static Level levelOf(double alphaCumprod) {
    return new Level(StrictMath.sqrt(alphaCumprod), StrictMath.sqrt(1 - alphaCumprod));
  }

  private static float[] product(float[] betas) {
    float[] out = new float[betas.length];
    double running = 1;
    for (int i = 0; i < out.length; i++) {
      running *= 1f - betas[i];
      out[i] = (float) running;
    }
    return out;
  }
}
