package io.darkroom.job;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A request after decoding and validation against the schema, before any default is filled in. A
 * plan's {@code effective} request is the same type with the defaults.
 */
public sealed interface RenderRequest {

  /** Identity together with the output prefix. */
  JobId id();

  /** The model package. */
  ModelRef model();

  /** Scheduler, steps and their arguments. */
  Sampling sampling();

  /** Which random numbers, and how many pictures. */
  Seeds seeds();

  /** Where the result goes and in which format. */
  Output output();

  /** Priority, deadline and other options that do not affect the result. */
  JobOptions options();

  /** The wire name: {@code generate} or {@code upscale}. */
  String kind();

  /** Texts, all empty where none is given. */
  Prompts prompts();

  /** A label's name or its index in decimal digits. */
  default Optional<String> classLabel() {
    return Optional.empty();
  }

  /** Noise added to the small picture first, in the model's own steps. */
  default Optional<Integer> noiseLevel() {
    return Optional.empty();
  }

  /** The same request with other texts. */
  RenderRequest withPrompts(Prompts other);

  /** The same request with another noise level, where its kind has one. */
  default RenderRequest withNoiseLevel(int level) {
    return this;
  }

  /** The same request with every default filled in. */
  RenderRequest with(Sampling effective, Seeds seeds, Output resolved);

  /**
   * Pictures from prompts, class labels or nothing.
   *
   * @param prompts texts, all empty for a model without text encoder
   * @param classLabel a label's name or its index in decimal digits
   * @param size pixels; empty = the package's default
   * @param image the start picture of image-to-image
   * @param maskImage white where a picture is painted anew
   * @param strength how much of the start picture is given up, 0 to 1
   */
  record Generate(
      JobId id,
      ModelRef model,
      Prompts prompts,
      Optional<String> classLabel,
      Optional<Size> size,
      Optional<ImageRef> image,
      Optional<ImageRef> maskImage,
      OptionalDouble strength,
      Sampling sampling,
      Seeds seeds,
      Output output,
      JobOptions options)
      implements RenderRequest {

    @Override
    public String kind() {
      return "generate";
    }

    /** The same request with a size. */
    public Generate withSize(Size chosen) {
      return new Generate(
          id,
          model,
          prompts,
          classLabel,
          Optional.of(chosen),
          image,
          maskImage,
          strength,
          sampling,
          seeds,
          output,
          options);
    }

    @Override
    public Generate withPrompts(Prompts other) {
      return new Generate(
          id,
          model,
          other,
          classLabel,
          size,
          image,
          maskImage,
          strength,
          sampling,
          seeds,
          output,
          options);
    }

    @Override
    public Generate with(Sampling effective, Seeds seeds, Output resolved) {
      return new Generate(
          id,
          model,
          prompts,
          classLabel,
          size,
          image,
          maskImage,
          strength,
          effective,
          seeds,
          resolved,
          options);
    }
  }

  /**
   * A larger picture from a small one.
   *
   * @param image the small picture
   * @param prompts for models with a text encoder
   * @param noiseLevel noise added to the small picture first, in the model's own steps
   * @param tile windows for pictures larger than the model's own
   */
  record Upscale(
      JobId id,
      ModelRef model,
      ImageRef image,
      Prompts prompts,
      Optional<Integer> noiseLevel,
      Optional<Tile> tile,
      Sampling sampling,
      Seeds seeds,
      Output output,
      JobOptions options)
      implements RenderRequest {

    @Override
    public String kind() {
      return "upscale";
    }

    @Override
    public Upscale withPrompts(Prompts other) {
      return new Upscale(
          id, model, image, other, noiseLevel, tile, sampling, seeds, output, options);
    }

    @Override
    public Upscale withNoiseLevel(int level) {
      return new Upscale(
          id, model, image, prompts, Optional.of(level), tile, sampling, seeds, output, options);
    }

    @Override
    public Upscale with(Sampling effective, Seeds seeds, Output resolved) {
      return new Upscale(
          id, model, image, prompts, noiseLevel, tile, effective, seeds, resolved, options);
    }

    /** The same request with another picture. */
    public Upscale withImage(ImageRef other) {
      return new Upscale(
          id, model, other, prompts, noiseLevel, tile, sampling, seeds, output, options);
    }
  }
}
