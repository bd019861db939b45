package io.darkroom.plan;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What planning knows of a model package: read once when the package is loaded.
 *
 * @param name as requests name it
 * @param sha256 digest of the package: over its components' digests, in order of their names
 * @param components SHA-256 per file group, by folder name
 * @param layout what the package can do
 * @param network the denoising network's doors
 * @param scheduler the package's {@code scheduler_config.json}, as JSON has it, nulls left out
 * @param schedulerSha256 digest of that file
 * @param defaults what a request may leave out
 */
public record ModelCard(
    String name,
    String sha256,
    Map<String, String> components,
    Layout layout,
    Network network,
    Map<String, Object> scheduler,
    String schedulerSha256,
    Defaults defaults) {
  private static final int RGB = 3;

  public ModelCard {
    components = Map.copyOf(components);
    scheduler = Map.copyOf(scheduler);
  }

  /** Channels of its results: an autoencoder's are colours, others the sample's own. */
  public int pictureChannels() {
    return layout instanceof Layout.TextToImage ? RGB : network.sampleChannels();
  }

  /** What the pieces of a package amount to. */
  public sealed interface Layout {

    /** Pictures straight from the network, in [-1, 1]; with or without class labels. */
    record PixelImages(Optional<Classes> classes) implements Layout {}

    /** Pictures from texts, in the latent space of an autoencoder. */
    record TextToImage(int maxTokens, Latents latents) implements Layout {}

    /**
     * Larger pictures from small ones, in pixel space: the small picture, enlarged, stands beside
     * the sample as further channels.
     *
     * @param scale how much larger
     * @param maxNoiseLevel most steps of noise on the small picture
     * @param noiseLevelStd standard deviation per step, for pictures in [-1, 1]
     */
    record SuperResolution(int scale, int maxNoiseLevel, double noiseLevelStd) implements Layout {}
  }

  /**
   * Class labels.
   *
   * @param indices label index by name
   * @param count labels the network knows, valid indices are below it
   * @param nullLabel the index of "no label", for guidance
   */
  public record Classes(Map<String, Integer> indices, int count, OptionalInt nullLabel) {
    public Classes {
      indices = Map.copyOf(indices);
    }
  }

  /**
   * An autoencoder's space.
   *
   * @param factor pixels per latent cell and side
   * @param scalingFactor latents are divided by it before decoding
   */
  public record Latents(int factor, double scalingFactor) {}

  /**
   * The denoising network.
   *
   * @param sampleChannels channels of the sample that is being denoised
   * @param inputChannels channels it takes in all: the sample's and the condition's
   * @param outputChannels twice the sample's where it predicts variances too
   * @param sampleHeight cells by default
   * @param sampleWidth cells by default
   * @param sizeMultiple both sides of the sample must be multiples of it
   * @param anySize whether other sides than the default ones are taken
   * @param fractionalTimesteps whether its timestep input is a float
   * @param patchSize cells per side that a transformer has as one token
   */
  public record Network(
      int sampleChannels,
      int inputChannels,
      int outputChannels,
      int sampleHeight,
      int sampleWidth,
      int sizeMultiple,
      boolean anySize,
      boolean fractionalTimesteps,
      int patchSize) {
    /** What transformers of latents have where their configuration is silent: 2 x 2 cells. */
    public static final int PATCH_SIZE = 2;

    /** With patches of the usual size. */
    public Network(
        int sampleChannels,
        int inputChannels,
        int outputChannels,
        int sampleHeight,
        int sampleWidth,
        int sizeMultiple,
        boolean anySize,
        boolean fractionalTimesteps) {
      this(
          sampleChannels,
          inputChannels,
          outputChannels,
          sampleHeight,
          sampleWidth,
          sizeMultiple,
          anySize,
          fractionalTimesteps,
          PATCH_SIZE);
    }

    /** Whether a second half of the output's channels is of the variance. */
    public boolean givesVariance() {
      return outputChannels == 2 * sampleChannels;
    }

    /** What is wrong with a learned variance where there is none; for messages. */
    public String varianceRule() {
      return "must not be learned with a network of %d channels of output for %d of the sample"
          .formatted(outputChannels, sampleChannels);
    }
  }

  /** What the package says where a request is silent. */
  public record Defaults(OptionalInt steps, OptionalDouble guidanceScale, OptionalDouble eta) {}
}
