package io.darkroom.diffusion;

/**
 * The part of a schedule that a render runs, in fractions of the training's timesteps, as
 * diffusers' {@code denoising_start} and {@code denoising_end}. A step is run if it begins at or
 * below the timestep of the start and above that of the end. A second render of the same schedule
 * can start at the fraction at which the first one ended.
 *
 * @param start 0 = from noise; above 0 the first sample is given and no noise is added to it
 * @param end 1 = to the last step
 * @param pointer JSON pointer to the request's field that sets the start
 */
public record DenoisingRange(double start, double end, String pointer) {
  private static final String START = "/denoising_start";
  private static final String END = "/denoising_end";

  /** All steps. */
  public static final DenoisingRange WHOLE = new DenoisingRange(0, 1);

  public DenoisingRange(double start, double end) {
    this(start, end, START);
  }

  /** Returns the range of the steps after this one's end. */
  public DenoisingRange rest() {
    return new DenoisingRange(end, 1, END);
  }

  /**
   * Returns the timestep that corresponds to a fraction. Steps that begin above it lie before the
   * fraction.
   *
   * @param trained timesteps of the training, or of the noise schedule that replaces it
   */
  public static double cutoff(double share, int trained) {
    return StrictMath.rint(trained - share * trained);
  }
}
