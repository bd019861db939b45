package io.darkroom.job;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a publisher asks for, after decoding and validation against the schema and before any
 * default is filled in. A plan's {@code effective} request is the same type with the defaults.
 */
public sealed interface RenderRequest {

  /** Identity together with the output prefix. */
  JobId id();

  /** The model package. */
  ModelRef model();

  /** Scheduler, steps and their arguments. */
  Sampling sampling();

  /** Which random numbers, and how many pictures. */
  Seeds draws();

  /** Where the result goes and in which format. */
  Output output();

  /** How the job is treated on its way; does not bear on the result. */
  JobOptions options();

  /** The wire name: {@code generate} or {@code upscale}. */
  String kind();

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
      Seeds draws,
      Output output,
      JobOptions options)
      implements RenderRequest {

    @Override
    public String kind() {
      return "generate";
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
      Seeds draws,
      Output output,
      JobOptions options)
      implements RenderRequest {

    @Override
    public String kind() {
      return "upscale";
    }

    /** The same with another picture. */
    public Upscale withImage(ImageRef other) {
      return new Upscale(
          id, model, other, prompts, noiseLevel, tile, sampling, draws, output, options);
    }
  }
}
