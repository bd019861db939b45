package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.Level;
import java.util.Arrays;
import java.util.Optional;

/**
 * The training schedule: how much signal is left at each timestep that the network was trained at.
 * Variance-preserving: {@code alpha² = alphasCumprod}, {@code sigma² = 1 - alphasCumprod}.
 *
 * <p>Tables are float32 with the rounding of the libraries that networks are trained with: alphas
 * are {@code 1 - beta} in float32, their running product is kept in double and each entry rounded.
 * Immutable.
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
   * The curve of a named schedule.
   *
   * @param start the first beta, above 0 and below 1
   * @param end the last beta, above 0 and below 1
   * @param steps timesteps of the training, 1 or more
   */
  public static NoiseCurve of(BetaSchedule schedule, double start, double end, int steps) {
    return ofBetas(schedule.betas(start, end, steps));
  }

  /**
   * The curve of given betas.
   *
   * @param betas {@code [steps]}, each above 0 and at most 1; copied
   */
  public static NoiseCurve ofBetas(float[] betas) {
    return new NoiseCurve(betas.clone(), product(betas));
  }

  /**
   * The curve shifted and stretched so that nothing of the signal is left at its last timestep (Lin
   * et al. 2024, algorithm 1).
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
   * The curve with a trace of signal, 2^-24, at its last timestep: for samplers that work with the
   * noise-to-signal ratio, which must be finite.
   */
  NoiseCurve withTraceOfSignal() {
    float[] levels = alphasCumprod.clone();
    levels[steps() - 1] = 0x1p-24f;
    return new NoiseCurve(betas, levels);
  }

  /**
   * What is wrong with the curve for a sampler: where it does not fall, or leaves less of the
   * signal than a float can hold. Nothing at all may be left at the last timestep.
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

  /** Timesteps of the training. */
  public int steps() {
    return betas.length;
  }

  /** Variance of the noise that timestep {@code t} adds. */
  public float beta(int t) {
    return betas[t];
  }

  /** The share of the signal's variance that is left at timestep {@code t}. */
  public float alphaCumprod(int t) {
    return alphasCumprod[t];
  }

  /** The level at timestep {@code t}, variance-preserving. */
  public Level level(int t) {
    return levelOf(alphasCumprod[t]);
  }

  /** The noise-to-signal ratio at timestep {@code t}. */
  public double sigma(int t) {
    double alphaCumprod = alphasCumprod[t];
    return StrictMath.sqrt((1 - alphaCumprod) / alphaCumprod);
  }

  /** The noise-to-signal ratio between timesteps, on straight lines; ends are held. */
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
   * The timestep of a noise-to-signal ratio, fractional: between timesteps on straight lines in log
   * sigma; ends are held. The inverse of {@link #sigma(int)}.
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

  /** The variance-preserving level with this share of the signal's variance. */
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
