package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Prediction;

/**
 * One evaluation of the network: the level of the sample and the timestep of the network. The two
 * are kept apart because schedulers round timesteps and keep the exact levels.
 *
 * @param timestep training timestep of the network
 * @param read the level at which the network's output is interpreted: the level of the sample, or
 *     the nearest level of the training (variance-preserving) if the sample's level is outside the
 *     training's range
 */
public record EvaluationPoint(double timestep, Level level, Level read) {

  public EvaluationPoint(double timestep, Level level) {
    this(timestep, level, level);
  }

  public double inputScale(Prediction prediction) {
    return fit() * prediction.inputScale(read);
  }

  public double sampleFactor(Prediction prediction) {
    return fit() * prediction.sampleFactor(read);
  }

  public double outputFactor(Prediction prediction) {
    return prediction.outputFactor(read);
  }

  /** Returns the factor that scales the sample to the variance of the level {@code read}. */
  private double fit() {
    return read.equals(level) ? 1 : StrictMath.sqrt(read.power() / level.power());
  }
}
