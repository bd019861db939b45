package io.darkroom.diffusion;

/**
 * A network inside the scalings of Karras et al. 2022, table 1: input, output and skip connection
 * are scaled so that both ends have unit variance at every level.
 *
 * @param sigmaData standard deviation of the data, above 0
 * @param negated whether the network gives the negative of the paper's F, as a v prediction does
 */
public record EdmPreconditioning(double sigmaData, boolean negated) implements Prediction {

  public EdmPreconditioning {
    if (!(sigmaData > 0)) {
      throw new IllegalArgumentException("sigmaData must be above 0, is " + sigmaData);
    }
  }

  @Override
  public double inputScale(Level level) {
    return 1 / (level.alpha() * StrictMath.sqrt(total(level)));
  }

  @Override
  public double sampleFactor(Level level) {
    return sigmaData * sigmaData / (level.alpha() * total(level));
  }

  @Override
  public double outputFactor(Level level) {
    double factor = ratio(level) * sigmaData / StrictMath.sqrt(total(level));
    return negated ? -factor : factor;
  }

  private double total(Level level) {
    return ratio(level) * ratio(level) + sigmaData * sigmaData;
  }

  private static double ratio(Level level) {
    return level.sigma() / level.alpha();
  }
}
