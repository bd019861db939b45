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

  /**
   * What tensors are made from.
   *
   * @param sample the shape {@code [C, H, W]} of the image's sample
   * @param noise the image's own, before the noise of its first sample is drawn
   * @param pictures of the request by their pointers, {@code [3, h, w]} in [-1, 1]
   * @param hiddenStates {@code [tokens, width]} of each of {@link #texts}
   */
  record Inputs(
      Shape sample, NoiseSource noise, Map<String, Tensor> pictures, List<float[]> hiddenStates) {
    public Inputs {
      pictures = Map.copyOf(pictures);
      hiddenStates = List.copyOf(hiddenStates);
    }

    /** The picture of a pointer that {@link #pictures()} of the condition names. */
    public Tensor picture(String pointer) {
      return Objects.requireNonNull(pictures.get(pointer), pointer);
    }
  }

  /** What an image's rows are conditioned on, and what its unguided rows are. */
  record Rows(Conditioning conditional, Conditioning unconditional) {

    /** One that has no unconditional form: both rows have it. */
    public static Rows both(Conditioning conditioning) {
      return new Rows(conditioning, conditioning);
    }
  }
}
