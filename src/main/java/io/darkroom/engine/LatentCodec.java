package io.darkroom.engine;

import io.darkroom.model.Tensor;

/** An autoencoder on the device. Used by the engine thread only. */
public interface LatentCodec {

  /**
   * Decodes one picture.
   *
   * @param latents {@code [C, H, W]}, the result of the sampler; the decoder divides by the scaling
   *     factor
   * @return {@code [3, h, w]}, about -1 to 1
   */
  Tensor decode(Tensor latents);

  /**
   * Encodes one picture, if the model's space has an encoder.
   *
   * @param picture {@code [3, h, w]} in [-1, 1]
   * @return {@code [2C, H, W]}: mean and standard deviation of its latents, in the scale of the
   *     sampler
   */
  Tensor encode(Tensor picture);
}
