package io.darkroom.model;

import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.job.StageRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One condition of a request, decided. Immutable. */
public interface ConditionPlan {

  /** Whether it has an unconditional form for this request, which guidance needs. */
  default boolean guides() {
    return false;
  }

  /** Pointers of the pictures of the request that {@link #tensors} reads. */
  default List<String> pictures() {
    return List.of();
  }

  /** The stage of the request with the defaults of this condition's fields. */
  default StageRequest fill(StageRequest request) {
    return request;
  }

  /** Texts that are encoded before {@link #tensors} is called. */
  default List<Text> texts() {
    return List.of();
  }

  /** Pictures that are encoded before {@link #tensors} is called. */
  default List<Encoding> encodings() {
    return List.of();
  }

  /** Whether {@link #tensors} draws its noise after that of the first sample, not before. */
  default boolean drawsAfterStart() {
    return false;
  }

  /** Whether the images of a request have tensors of their own, because they draw noise. */
  default boolean perImage() {
    return false;
  }

  /** The tensors of an image's rows. Draws what noise it needs, always in the same order. */
  Rows tensors(Inputs inputs);

  /**
   * A text of the request.
   *
   * @param field its name in the request, for messages
   */
  record Text(String field, String value) {}

  /** A picture to be encoded, made of the pictures of the request by their pointers. */
  @FunctionalInterface
  interface Encoding {
    /** The picture, {@code [3, h, w]} in [-1, 1]. */
    Tensor of(Map<String, Tensor> pictures);
  }

  /**
   * What tensors are made from.
   *
   * @param sample the shape {@code [C, H, W]} of the image's sample
   * @param noise the image's own, before the noise of its first sample is drawn
   * @param pictures of the request by their pointers, {@code [3, h, w]} in [-1, 1]
   * @param hiddenStates {@code [tokens, width]} of each of {@link #texts}
   * @param encoded {@code [2C, H, W]} of each of {@link #encodings}: mean and standard deviation of
   *     its latents
   */
  record Inputs(
      Shape sample,
      NoiseSource noise,
      Map<String, Tensor> pictures,
      List<float[]> hiddenStates,
      List<Tensor> encoded) {
    public Inputs {
      encoded = List.copyOf(encoded);
      pictures = Map.copyOf(pictures);
      hiddenStates = List.copyOf(hiddenStates);
    }

    /** The picture of a pointer that {@link #pictures()} of the condition names. */
    public Tensor picture(String pointer) {
      return ConditionPlan.picture(pictures, pointer);
    }
  }

  /** The picture of a pointer, which is there. */
  static Tensor picture(Map<String, Tensor> pictures, String pointer) {
    return Objects.requireNonNull(pictures.get(pointer), pointer);
  }

  /**
   * Latents of an encoded picture, by a draw that the images of a batch have in common.
   *
   * @param encoded {@code [2C, H, W]}: mean and standard deviation
   * @return {@code [C, H, W]}
   */
  static float[] latents(Tensor encoded, NoiseSource noise) {
    float[] values = encoded.values();
    float[] latents = new float[values.length / 2];
    noise.fillShared(latents);
    for (int i = 0; i < latents.length; i++) {
      latents[i] = values[i] + values[latents.length + i] * latents[i];
    }
    return latents;
  }

  /** What an image's rows are conditioned on, and what its unguided rows are. */
  record Rows(Conditioning conditional, Conditioning unconditional) {

    /** One that has no unconditional form: both rows have it. */
    public static Rows both(Conditioning conditioning) {
      return new Rows(conditioning, conditioning);
    }
  }
}
