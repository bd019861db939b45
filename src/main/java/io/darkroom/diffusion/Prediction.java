package io.darkroom.diffusion;

/**
 * The meaning of a network's output. Every kind is linear in the sample and the output: {@code
 * denoised = sampleFactor(level) * x + outputFactor(level) * output}.
 *
 * <p>{@code x} may have any scaling (variance-preserving or variance-exploding): implementations
 * compute with the given alpha and sigma.
 */
public sealed interface Prediction permits PredictionType, EdmPreconditioning {

  /** Returns the factor by which {@code x} is multiplied before the network reads it. */
  double inputScale(Level level);

  /** Returns the factor of {@code x} in the denoised estimate. */
  double sampleFactor(Level level);

  /** Returns the factor of the network's output in the denoised estimate. */
  double outputFactor(Level level);
}
