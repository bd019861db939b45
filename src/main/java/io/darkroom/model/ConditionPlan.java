package io.darkroom.model;

import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.job.Size;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/** One condition of a request, fully planned. Immutable. */
public interface ConditionPlan {

  /**
   * Returns whether the condition has an unconditional form for this request, which guidance needs.
   */
  default boolean guides() {
    return false;
  }

  /**
   * Returns the scale of classifier-free guidance, if the request's {@code guidance_scale} has
   * another meaning for the network.
   */
  default OptionalDouble guidanceScale() {
    return OptionalDouble.empty();
  }

  /** Returns the JSON pointers of the request's pictures that {@link #tensors} reads. */
  default List<String> pictures() {
    return List.of();
  }

  /** Returns the JSON pointers of the request's NPY tensors that {@link #tensors} reads. */
  default List<String> arrays() {
    return List.of();
  }

  /**
   * Returns the plan for the shapes of the request's tensors, which are known from their headers.
   *
   * @param shapes shapes of {@link #arrays}, with the rows first
   * @param images number of images
   * @param violations receives violations; if there are any, the plan must not be used
   */
  default ConditionPlan given(Map<String, Shape> shapes, int images, Violations violations) {
    return this;
  }

  /** Returns the sizes of sides of a sample that the request's tensors determine, by name. */
  default Map<String, Integer> sides() {
    return Map.of();
  }

  /**
   * Returns the mask of an image's result, a number for each element of a channel; empty if it has
   * none.
   *
   * @param tensors tensors of the request by JSON pointer
   * @param layout dimensions of the sample
   */
  default Optional<float[]> mask(int image, Map<String, Tensor> tensors, Layout layout) {
    return Optional.empty();
  }

  /** Returns the stage of the request with the defaults of this condition's fields. */
  default StageRequest fill(StageRequest request) {
    return request;
  }

  /** Returns the fields of {@link io.darkroom.job.ModelArguments} that the condition reads. */
  default List<String> arguments() {
    return List.of();
  }

  /**
   * Returns what the digest of the plan covers of this condition: arguments that change which part
   * of a network computes the result. Empty without such arguments, else a line with its end.
   */
  default String digested() {
    return "";
  }

  /** Returns the texts that must be encoded before {@link #tensors} is called. */
  default List<Text> texts() {
    return List.of();
  }

  /** Returns the pictures that must be encoded before {@link #tensors} is called. */
  default List<Encoding> encodings() {
    return List.of();
  }

  /**
   * Returns whether {@link #tensors} draws its noise after the noise of the first sample, not
   * before.
   */
  default boolean drawsAfterStart() {
    return false;
  }

  /** Returns whether each image of a request has its own tensors, because they contain noise. */
  default boolean perImage() {
    return false;
  }

  /** Returns the tensors of an image's rows. Draws the noise it needs, always in the same order. */
  Rows tensors(Inputs inputs);

  /**
   * A text for one of the package's encoders.
   *
   * @param field name of the field in the request, for messages
   * @param encoder component of the encoder
   * @param tokens number of tokens to which it is padded or truncated
   * @param skip layers of the encoder that are skipped: its hidden state is that of as many layers
   *     before
   */
  record Text(String field, String value, String encoder, int tokens, int skip) {}

  /** A picture to encode, computed from pictures of the request. */
  @FunctionalInterface
  interface Encoding {
    /**
     * Returns the picture, {@code [3, h, w]} in [-1, 1].
     *
     * @param pictures pictures of the request by JSON pointer
     */
    Tensor of(Map<String, Tensor> pictures);
  }

  /**
   * The inputs from which tensors are made.
   *
   * @param result size of the result
   * @param sample shape {@code [C, H, W]} of the image's sample
   * @param image index of the image in the request, from 0
   * @param noise noise source of the image, before the first sample's noise is drawn
   * @param pictures pictures of the request by JSON pointer, {@code [3, h, w]} in [-1, 1], and its
   *     tensors, with the rows first
   * @param texts encoder outputs of {@link #texts}
   * @param encoded {@code [2C, H, W]} of each of {@link #encodings}: mean and standard deviation of
   *     its latents; {@code [C, H, W]} if the encoder gives no variance
   */
  record Inputs(
      Size result,
      Shape sample,
      int image,
      NoiseSource noise,
      Map<String, Tensor> pictures,
      Map<Text, EncodedText> texts,
      List<Tensor> encoded) {
    public Inputs {
      encoded = List.copyOf(encoded);
      pictures = Map.copyOf(pictures);
      texts = Map.copyOf(texts);
    }

    /** Returns the encoder's output for one of {@link #texts()}. */
    public EncodedText text(Text text) {
      return Objects.requireNonNull(texts.get(text), text.field());
    }

    /** Returns a copy with other encoded pictures. */
    Inputs withEncoded(List<Tensor> others) {
      return new Inputs(result, sample, image, noise, pictures, texts, others);
    }

    /** Returns the picture of one of the pointers {@link #pictures()}. */
    public Tensor picture(String pointer) {
      return ConditionPlan.picture(pictures, pointer);
    }
  }

  /** Returns the picture of a pointer, which must exist. */
  static Tensor picture(Map<String, Tensor> pictures, String pointer) {
    return Objects.requireNonNull(pictures.get(pointer), pointer);
  }

  /**
   * Samples the latents of an encoded picture with a draw that the images of a batch share. An
   * encoder without variance needs no draw.
   *
   * @param encoded {@code [2C, H, W]}: mean and standard deviation; {@code [C, H, W]}: latents
   * @param channels {@code C}
   * @return {@code [C, H, W]}
   */
  static float[] latents(Tensor encoded, int channels, NoiseSource noise) {
    float[] values = encoded.values();
    if (!hasVariance(encoded, channels)) {
      return values.clone();
    }
    float[] latents = new float[values.length / 2];
    noise.fillShared(latents);
    for (int i = 0; i < latents.length; i++) {
      latents[i] = values[i] + values[latents.length + i] * latents[i];
    }
    return latents;
  }

  /** Returns whether an encoded picture is mean and standard deviation, and not latents. */
  static boolean hasVariance(Tensor encoded, int channels) {
    return encoded.shape().channels() != channels;
  }

  /** The conditioning of an image's conditional and unconditional row. */
  record Rows(Conditioning conditional, Conditioning unconditional) {

    /** Creates rows with the same conditioning, for a condition without an unconditional form. */
    public static Rows both(Conditioning conditioning) {
      return new Rows(conditioning, conditioning);
    }
  }
}
