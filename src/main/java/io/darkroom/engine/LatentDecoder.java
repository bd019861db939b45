package io.darkroom.engine;

import io.darkroom.model.Tensor;

/** The decoder of an autoencoder on the device. Used by the engine thread only. */
public interface LatentDecoder {

  /**
   * Decodes one picture.
   *
   * @param latents {@code [C, H, W]} as the sampler left them; the decoder divides by the scaling
   *     factor
   * @return {@code [3, h, w]}, about -1 to 1
   */
  Tensor decode(Tensor latents);
}
