package io.darkroom.diffusion;

/**
 * The preconditioning of Karras et al. 2022, table 1: input, output and skip connection are scaled
 * so that the network's input and target have unit variance at every level. If {@code least} is
 * above 0, the scalings are those of consistency models (Song et al. 2023, appendix C), whose
 * estimate at the least sigma is the sample itself.
 *
 * @param sigmaData standard deviation of the data, above 0
 * @param negated whether the network gives the negative of the paper's F, as a v prediction does
 * @param least the sigma at which the network's output has weight 0; 0 or more
 */
public record EdmPreconditioning(double sigmaData, boolean negated, double least)
    implements Prediction {

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
    double above = ratio(level) - least;
    double data = sigmaData * sigmaData;
    return data / (level.alpha() * (above * above + data));
  }

  @Override
  public double outputFactor(Level level) {
    double factor = (ratio(level) - least) * sigmaData / StrictMath.sqrt(total(level));
    return negated ? -factor : factor;
  }

  private double total(Level level) {
    return ratio(level) * ratio(level) + sigmaData * sigmaData;
  }

  private static double ratio(Level level) {
    return level.sigma() / level.alpha();
  }
}
