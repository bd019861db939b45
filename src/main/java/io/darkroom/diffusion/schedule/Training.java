package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.Level;
import java.util.Optional;

/**
 * The curve that a sampler works on and how its timesteps become those that the network was trained
 * with. Without a noise schedule of the request's own the two are the same.
 *
 * @param trained what the network was trained along
 * @param visited the request's own curve
 * @param fractional whether the network's timestep input takes fractions
 */
public record Training(NoiseCurve trained, Optional<NoiseCurve> visited, boolean fractional) {
  private static final double ROUNDING = 1e-9;

  /** What the sampler works on. */
  public NoiseCurve curve() {
    return visited.orElse(trained);
  }

  /** Timesteps of the curve. */
  public int steps() {
    return curve().steps();
  }

  /** The same, for a sampler that needs finite noise-to-signal ratios. */
  Training withTraceOfSignal() {
    return new Training(trained.withTraceOfSignal(), visited, fractional);
  }

  /** The evaluation where the sampler is at timestep {@code t} of its curve. */
  public EvaluationPoint point(double t, Level level) {
    return visited.isEmpty()
        ? new EvaluationPoint(t, level)
        : new EvaluationPoint(told(t), level, read(level));
  }

  /** The level itself where the network knows it, else the nearest that it knows. */
  private Level read(Level level) {
    double sigma = level.sigma() / level.alpha();
    double least = trained.sigma(0);
    double most = trained.sigma(trained.steps() - 1);
    if (sigma > most * (1 + ROUNDING)) {
      return Scaling.VARIANCE_PRESERVING.level(most);
    }
    return sigma < least * (1 - ROUNDING) ? Scaling.VARIANCE_PRESERVING.level(least) : level;
  }

  /** The network's timestep where the sampler is at timestep {@code t} of its curve. */
  double told(double t) {
    return visited.isEmpty() ? t : told(t, visited.get());
  }

  /**
   * On straight lines between the curve's timesteps, so that the training's own is the identity.
   */
  private double told(double t, NoiseCurve curve) {
    int below = (int) Math.max(0, Math.min(t, curve.steps() - 1));
    int above = Math.min(below + 1, curve.steps() - 1);
    double low = trained.timestep(curve.sigma(below));
    double high = trained.timestep(curve.sigma(above));
    double told = low + (t - below) * (high - low);
    return fractional ? told : StrictMath.rint(told);
  }
}
