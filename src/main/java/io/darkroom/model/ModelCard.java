package io.darkroom.model;

import io.darkroom.diffusion.FlowTimes;
import io.darkroom.image.Medium;
import io.darkroom.job.ModelArguments;
import io.darkroom.job.Size;
import io.darkroom.job.Tile;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The facts of a model package that planning and rendering need, read once when the package is
 * loaded. Other code asks the card instead of testing the kind of package.
 *
 * @param name name in requests
 * @param sha256 digest of the package, computed from its components' digests in the order of their
 *     names
 * @param components SHA-256 of each component, by folder name
 * @param network channels and sizes of the denoising network
 * @param conditions inputs of the network in addition to sample and timestep
 * @param space conversion of samples to results
 * @param medium medium of its results
 * @param scheduler the package's {@code scheduler_config.json} as JSON values, without nulls
 * @param schedulerSha256 digest of that file
 * @param defaults defaults of optional fields of requests
 * @param skips deep features at which its network can be split, from the output inwards
 */
public record ModelCard(
    String name,
    String sha256,
    Map<String, String> components,
    Network network,
    List<Condition> conditions,
    Space space,
    Medium medium,
    Map<String, Object> scheduler,
    String schedulerSha256,
    Defaults defaults,
    List<SkipFeature> skips) {

  public ModelCard {
    components = Map.copyOf(components);
    conditions = List.copyOf(conditions);
    scheduler = Map.copyOf(scheduler);
    skips = List.copyOf(skips);
  }

  /** Creates the card of a package whose network cannot be split. */
  public ModelCard(
      String name,
      String sha256,
      Map<String, String> components,
      Network network,
      List<Condition> conditions,
      Space space,
      Medium medium,
      Map<String, Object> scheduler,
      String schedulerSha256,
      Defaults defaults) {
    this(
        name,
        sha256,
        components,
        network,
        conditions,
        space,
        medium,
        scheduler,
        schedulerSha256,
        defaults,
        List.of());
  }

  /** Creates the card of a package whose results are pictures. */
  public ModelCard(
      String name,
      String sha256,
      Map<String, String> components,
      Network network,
      List<Condition> conditions,
      Space space,
      Map<String, Object> scheduler,
      String schedulerSha256,
      Defaults defaults) {
    this(
        name,
        sha256,
        components,
        network,
        conditions,
        space,
        Medium.PICTURE,
        scheduler,
        schedulerSha256,
        defaults);
  }

  /** Returns a copy with another network. */
  public ModelCard with(Network other) {
    return new ModelCard(
        name,
        sha256,
        components,
        other,
        conditions,
        space,
        medium,
        scheduler,
        schedulerSha256,
        defaults,
        skips);
  }

  /** Returns the channels of its results. */
  public int pictureChannels() {
    return space.resultChannels(network.sampleChannels());
  }

  /** Returns whether its results are pictures of three channels. */
  public boolean givesRgbPictures() {
    return medium.is(Medium.Kind.PICTURE) && pictureChannels() == Space.RGB;
  }

  /** Returns whether a result is an enlargement of a picture of the request. */
  public boolean enlarges() {
    return conditions.stream().anyMatch(condition -> condition.scale().isPresent());
  }

  /** Returns the channels of a picture that it enlarges or changes. */
  public int sourceChannels() {
    return enlarges() ? pictureChannels() : Space.RGB;
  }

  /** Returns whether guidance is possible. */
  public boolean guides() {
    return conditions.stream().anyMatch(Condition::guides);
  }

  /** Returns the text encoders that its conditions need. */
  public List<TextEncoderInfo> textEncoders() {
    return conditions.stream().flatMap(each -> each.textEncoders().stream()).toList();
  }

  /** Returns the names of the adapters that a request can put on its network. */
  public List<String> adapters() {
    return conditions.stream().flatMap(each -> each.adapters().stream()).toList();
  }

  /** Returns the default size of its results. */
  public Size standardSize() {
    return network.layout().standard().times(space.factor());
  }

  /** Returns the shape of results of this size. */
  public Shape resultShape(Size result) {
    return space.decoded()
        ? new Shape(Space.RGB, result.height(), result.width())
        : network.layout().shape(result);
  }

  /** Returns the field of a request that sets the size of a side of its results. */
  public String sizeField(Layout.Dimension side) {
    return switch (side.name()) {
      case Layout.WIDTH, Layout.HEIGHT -> side.name();
      case Layout.FRAMES -> ModelArguments.FRAMES;
      case Layout.LENGTH ->
          medium.is(Medium.Kind.SOUND) ? ModelArguments.SECONDS : ModelArguments.SIZES;
      default -> ModelArguments.SIZES;
    };
  }

  /** Returns the fields of a request that set the size of its results. */
  public List<String> sizeFields() {
    return network.layout().sides().stream().map(this::sizeField).distinct().toList();
  }

  /** Returns the names of the sides of its results that inputs of a request determine. */
  public Set<String> givenSides() {
    return conditions.stream().flatMap(each -> each.sides().stream()).collect(Collectors.toSet());
  }

  /** Returns the number of elements of a result of this size, at most {@link Long#MAX_VALUE}. */
  public long elements(Size result) {
    return Size.product(result.pixels(), pictureChannels());
  }

  /** Returns the number of which both sides of a result must be multiples. */
  public int sizeMultiple() {
    return network.sizeMultiple() * space.factor();
  }

  /**
   * Returns the size of the result.
   *
   * @param base size of the picture from which it starts; otherwise the size of the result itself
   */
  public Size resultOf(Size base) {
    return base.times(scale());
  }

  /**
   * Returns the tiles of a picture that is enlarged; empty if it is not tiled, which holds up to
   * twice the tile on both sides.
   */
  public Optional<Tile> tileFor(Size base) {
    Tile tile = network.tile();
    boolean fits = Math.max(base.width(), base.height()) <= 2L * tile.size();
    int multiple = tileMultiple();
    int size = (tile.size() + multiple - 1) / multiple * multiple;
    return fits || !tiles() ? Optional.empty() : Optional.of(new Tile(size, tile.overlap()));
  }

  /** Returns whether pictures that are enlarged can be tiled: pixels are whole cells. */
  public boolean tiles() {
    return enlarges() && scale() % space.factor() == 0;
  }

  /** Returns the number of which sides of tiles must be multiples. */
  public int tileMultiple() {
    return sizeMultiple()
        / BigInteger.valueOf(sizeMultiple()).gcd(BigInteger.valueOf(scale())).intValue();
  }

  /** Returns the cells of a sample per pixel of the picture that is enlarged, per side. */
  public int cellsPerPixel() {
    return scale() / space.factor();
  }

  /** Returns the pixels of a result per pixel of the picture that is enlarged, per side. */
  public int scale() {
    return conditions.stream().flatMapToInt(each -> each.scale().stream()).findFirst().orElse(1);
  }

  /**
   * Returns the shape of a result's sample: its cells, rounded up to a size that the network
   * supports.
   */
  public Shape sampleOf(Size result) {
    return network
        .layout()
        .sample(
            new Size(space.cells(result.width()), space.cells(result.height()), result.outer()));
  }

  /**
   * The denoising network.
   *
   * @param inputChannels channels of its input: those of the sample and of conditions
   * @param outputChannels channels of its output; twice those of the sample if it also predicts
   *     variances
   * @param layout dimensions of its samples with their default sizes
   * @param fractionalTimesteps whether its timestep input is a float
   * @param patchSize cells per side of a transformer's token
   * @param flowTimes how a step count becomes times on a rectified flow
   * @param tile default tiles of pictures that it enlarges, if they are larger than a tile
   * @param mostTimestep maximum timestep that it accepts
   */
  public record Network(
      int inputChannels,
      int outputChannels,
      Layout layout,
      boolean fractionalTimesteps,
      int patchSize,
      FlowTimes flowTimes,
      Tile tile,
      int mostTimestep) {
    /** Maximum timestep of networks that accept all of them. */
    public static final int ANY_TIMESTEP = Integer.MAX_VALUE;

    /** Default tiles of networks. */
    public static final Tile TILE = new Tile(128, 16);

    /** Default patch size of transformers: 2 x 2 cells. */
    public static final int PATCH_SIZE = 2;

    /**
     * Creates a network of pictures with the default patch size.
     *
     * @param sampleChannels channels of the sample
     * @param sampleHeight default height in cells
     * @param sampleWidth default width in cells
     * @param sizeMultiple both sides of the sample must be multiples of it
     * @param anySize whether it supports other sizes than the default
     */
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
          inputChannels,
          outputChannels,
          Layout.picture(sampleChannels, sampleHeight, sampleWidth, sizeMultiple, anySize),
          fractionalTimesteps,
          PATCH_SIZE,
          FlowTimes.LISTED_WITH_SHIFT,
          TILE,
          ANY_TIMESTEP);
    }

    /** Returns a copy with other rules for sizes and timesteps. */
    public Network with(Layout other, int timestep) {
      return new Network(
          inputChannels,
          outputChannels,
          other,
          fractionalTimesteps,
          patchSize,
          flowTimes,
          tile,
          timestep);
    }

    /** Returns the channels of the sample. */
    public int sampleChannels() {
      return layout.channels();
    }

    /** Returns the elements of its input that conditions fill for a sample. */
    public long conditionSize(Shape sample) {
      return inputSize(sample) - sample.elements();
    }

    /** Returns the elements of its input for a sample. */
    public long inputSize(Shape sample) {
      return sample.elements() / sampleChannels() * inputChannels;
    }

    /** Returns the elements of its output for a sample. */
    public long outputSize(Shape sample) {
      return sample.elements() / sampleChannels() * outputChannels;
    }

    /** Returns whether all sides of samples can have other sizes than the default. */
    public boolean anySize() {
      return layout.open();
    }

    /** Returns the largest number of which a side must be a multiple. */
    public int sizeMultiple() {
      return layout.multiple();
    }

    /** Returns whether the second half of the output channels is the variance. */
    public boolean givesVariance() {
      return outputChannels == 2 * sampleChannels();
    }

    /**
     * Returns the rule that is broken if a learned variance is requested but the network has none;
     * for messages.
     */
    public String varianceRule() {
      return "must not be learned with a network of %d channels of output for %d of the sample"
          .formatted(outputChannels, sampleChannels());
    }
  }

  /** Default values of a package for fields that requests leave out. */
  public record Defaults(OptionalInt steps, OptionalDouble guidanceScale, OptionalDouble eta) {}
}
