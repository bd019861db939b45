package io.darkroom.diffusion;

/**
 * What a network's output means. All of them are linear in the sample and the output, so one line
 * serves: {@code denoised = sampleFactor(level) * x + outputFactor(level) * output}.
 *
 * <p>{@code x} may stand in any scaling of the level (variance-preserving or -exploding): an
 * implementation works from alpha and sigma as given.
 */
public sealed interface Prediction permits PredictionType, EdmPreconditioning {

  /** Factor on {@code x} before it is shown to the network. */
  double inputScale(Level level);

  /** Factor on {@code x} in the denoised estimate. */
  double sampleFactor(Level level);

  /** Factor on the network's output in the denoised estimate. */
  double outputFactor(Level level);
}
