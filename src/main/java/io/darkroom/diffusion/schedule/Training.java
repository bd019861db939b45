package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.NoiseSchedule;
import java.util.Optional;

/**
 * The curve that a sampler works on and the mapping of its timesteps to those of the training.
 * Without a noise schedule of the request the two are equal.
 *
 * @param trained curve of the network's training
 * @param visited the request's own curve
 * @param alignment how levels of that curve become timesteps
 * @param fractional whether the network's timestep input accepts fractions
 */
public record Training(
    NoiseCurve trained,
    Optional<NoiseCurve> visited,
    NoiseSchedule.Alignment alignment,
    boolean fractional) {
  private static final double ROUNDING = 1e-9;

  /** Returns the curve that the sampler works on. */
  public NoiseCurve curve() {
    return visited.orElse(trained);
  }

  /** Returns the number of timesteps of the curve. */
  public int steps() {
    return curve().steps();
  }

  /** Returns a copy for samplers whose noise-to-signal ratios must be finite. */
  Training withTraceOfSignal() {
    return new Training(trained.withTraceOfSignal(), visited, alignment, fractional);
  }

  /** Returns the evaluation at timestep {@code t} of the sampler's curve. */
  public EvaluationPoint point(double t, Level level) {
    return visited.isEmpty()
        ? new EvaluationPoint(t, level)
        : new EvaluationPoint(networkTimestep(t), level, read(level));
  }

  /**
   * Returns the level, or the nearest level of the training if it is outside the training's range.
   */
  private Level read(Level level) {
    double sigma = level.sigma() / level.alpha();
    double least = trained.sigma(0);
    double most = trained.sigma(trained.steps() - 1);
    if (sigma > most * (1 + ROUNDING)) {
      return Scaling.VARIANCE_PRESERVING.level(most);
    }
    return sigma < least * (1 - ROUNDING) ? Scaling.VARIANCE_PRESERVING.level(least) : level;
  }

  /** Returns the network's timestep at timestep {@code t} of the sampler's curve. */
  double networkTimestep(double t) {
    return visited.isEmpty() ? t : networkTimestep(t, visited.get());
  }

  /**
   * Interpolates linearly between the curve's timesteps, so that the training's own curve is the
   * identity.
   */
  private double networkTimestep(double t, NoiseCurve curve) {
    int below = (int) Math.max(0, Math.min(t, curve.steps() - 1));
    int above = Math.min(below + 1, curve.steps() - 1);
    double low = aligned(curve, below);
    double high = aligned(curve, above);
    double timestep = low + (t - below) * (high - low);
    return fractional ? timestep : StrictMath.rint(timestep);
  }

  private double aligned(NoiseCurve curve, int t) {
    return alignment == NoiseSchedule.Alignment.AMPLITUDE
        ? trained.timestepOfAmplitude(StrictMath.sqrt(curve.alphaCumprod(t)))
        : trained.timestep(curve.sigma(t));
  }
}
