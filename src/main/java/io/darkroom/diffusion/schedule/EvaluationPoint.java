package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Prediction;

/**
 * One evaluation of the network: the level of the sample and the timestep of the network. The two
 * are kept apart because schedulers round timesteps and keep the exact levels.
 *
 * @param timestep as the network was trained with
 * @param read the level at which the network's answer is read: that of the sample, unless that is
 *     noisier or cleaner than any the network knows, in which case the nearest it knows,
 *     variance-preserving
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

  /** Factor that gives the sample the variance it would have at the level it is read at. */
  private double fit() {
    return read.equals(level) ? 1 : StrictMath.sqrt(read.power() / level.power());
  }
}
