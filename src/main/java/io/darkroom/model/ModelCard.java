package io.darkroom.model;

import io.darkroom.job.Size;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The facts of a model package that planning and rendering need, read once when the package is
 * loaded. It answers questions: nothing else asks what kind of package it is.
 *
 * @param name as requests name it
 * @param sha256 digest of the package: over its components' digests, in order of their names
 * @param components SHA-256 per file group, by folder name
 * @param network the denoising network's channels and sides
 * @param conditions that the network takes in addition to sample and timestep
 * @param space how samples become results
 * @param scheduler the package's {@code scheduler_config.json}, as JSON has it, nulls left out
 * @param schedulerSha256 digest of that file
 * @param defaults of what a request may leave out
 */
public record ModelCard(
    String name,
    String sha256,
    Map<String, String> components,
    Network network,
    List<Condition> conditions,
    Space space,
    Map<String, Object> scheduler,
    String schedulerSha256,
    Defaults defaults) {

  public ModelCard {
    components = Map.copyOf(components);
    conditions = List.copyOf(conditions);
    scheduler = Map.copyOf(scheduler);
  }

  /** Channels of its results. */
  public int pictureChannels() {
    return space.resultChannels(network.sampleChannels());
  }

  /** Channels that its conditions put behind those of the sample. */
  public int conditionChannels() {
    return conditions.stream().mapToInt(Condition::channels).sum();
  }

  /** Whether a result starts from a picture of the request and is an enlargement of it. */
  public boolean enlarges() {
    return conditions.stream().anyMatch(condition -> condition.scale().isPresent());
  }

  /** Whether guidance is possible. */
  public boolean guides() {
    return conditions.stream().anyMatch(Condition::guides);
  }

  /** Token ids per text; empty where no text encoder is needed. */
  public OptionalInt tokens() {
    return conditions.stream().flatMapToInt(each -> each.tokens().stream()).max();
  }

  /** The size of its results where a request gives none. */
  public Size standardSize() {
    return new Size(
        network.sampleWidth() * space.factor(), network.sampleHeight() * space.factor());
  }

  /** Both sides of a result are multiples of it. */
  public int sizeMultiple() {
    return network.sizeMultiple() * space.factor();
  }

  /**
   * The size of the result.
   *
   * @param base of the picture that it starts from, else of the result itself
   */
  public Size resultOf(Size base) {
    return base.times(scale());
  }

  private int scale() {
    return conditions.stream().flatMapToInt(each -> each.scale().stream()).findFirst().orElse(1);
  }

  /** The sample {@code [C, H, W]} of a result: its cells, rounded up to what the network takes. */
  public Shape sampleOf(Size result) {
    return new Shape(
        network.sampleChannels(),
        roundedUp(space.cells(result.height())),
        roundedUp(space.cells(result.width())));
  }

  private int roundedUp(int cells) {
    int multiple = network.sizeMultiple();
    return (cells + multiple - 1) / multiple * multiple;
  }

  /**
   * The denoising network.
   *
   * @param sampleChannels channels of the sample that is being denoised
   * @param inputChannels all channels that it takes: the sample's and those of conditions
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
    /** Patches of transformers whose configuration does not name a size: 2 x 2 cells. */
    public static final int PATCH_SIZE = 2;

    /** A network with patches of the usual size. */
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

  /** Defaults of the package for requests that leave them out. */
  public record Defaults(OptionalInt steps, OptionalDouble guidanceScale, OptionalDouble eta) {}
}
