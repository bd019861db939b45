package io.darkroom.engine;

import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

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
   * Decodes one picture, unless it is no longer wanted. The codec asks between two tiles, if it
   * decodes the picture in tiles.
   *
   * @param unwanted whether the picture is no longer wanted
   * @return the picture as of {@link #decode(Tensor)}; empty if it is not wanted
   */
  default Optional<Tensor> decode(Tensor latents, BooleanSupplier unwanted) {
    return Optional.of(decode(latents));
  }

  /**
   * Returns the number of pictures that are decoded at the same time, in about the time of one.
   *
   * @param latents shape of the latents of each picture
   */
  default int lanes(Shape latents) {
    return 1;
  }

  /** Decodes pictures, each as if it were alone; in the same order. */
  default List<Tensor> decode(List<Tensor> latents) {
    return latents.stream().map(this::decode).toList();
  }

  /**
   * Encodes one picture, if the model's space has an encoder.
   *
   * @param picture {@code [3, h, w]} in [-1, 1]
   * @return {@code [2C, H, W]}: mean and standard deviation of its latents, in the scale of the
   *     sampler
   */
  Tensor encode(Tensor picture);
}
