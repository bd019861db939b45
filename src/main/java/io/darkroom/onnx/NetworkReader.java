package io.darkroom.onnx;

import io.darkroom.diffusion.FlowTimes;
import io.darkroom.image.Medium;
import io.darkroom.job.Tile;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Condition;
import io.darkroom.model.Conditions;
import io.darkroom.model.Config;
import io.darkroom.model.DataScaling;
import io.darkroom.model.InputShape;
import io.darkroom.model.Layout;
import io.darkroom.model.ModelCard;
import io.darkroom.model.NetworkNames;
import io.darkroom.model.PackageFacts;
import io.darkroom.model.SkipFeature;
import io.darkroom.model.Space;
import io.darkroom.model.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Reads the facts of the denoising network from its file and its configuration, which must agree.
 * Types and ranks come from the file only.
 */
final class NetworkReader {
  private static final String TILE_SIZE = "tile_size";
  private static final String TILE_OVERLAP = "tile_overlap";
  private static final String MEAN = "data_mean";
  private static final String STD = "data_std";
  private static final String SAMPLE_RATE = "sample_rate";
  private static final String FRAME_RATE = "frame_rate";
  private static final int FRAMES_PER_SECOND = 8;
  private static final int PICTURE_SIDES = 2;

  /** Names of the sample input: of U-Nets, and of transformers. */
  private static final List<String> SAMPLES =
      List.of(NetworkNames.SAMPLE, NetworkNames.HIDDEN_STATES);

  private static final List<String> OUTPUTS =
      List.of(NetworkNames.OUT_SAMPLE, NetworkNames.OUT_HIDDEN_STATES);

  private static final int LATENT_CHANNELS = 4;

  private final Path folder;
  private final Config config;
  private final OnnxGraph graph;

  /** Whether the sample input of the file is packed latents (tokens). */
  private final boolean packed;

  private final TensorInfo sample;
  private final SampleDimensions dimensions;
  private final Optional<TensorInfo> timestep;
  private final TensorInfo output;

  private NetworkReader(Path folder, Config config, OnnxGraph file) throws BrokenPackage {
    this.folder = folder;
    this.config = config;
    this.graph = file.withPictures();
    this.packed = graph != file;
    this.sample = sample(graph);
    this.dimensions = SampleDimensions.read(graph.file(), config, sample);
    boolean without = Boolean.FALSE.equals(config.value("timestep_input"));
    this.timestep =
        without ? timestep(graph) : Optional.of(input(graph, List.of(NetworkNames.TIMESTEP)));
    this.output = output(graph);
  }

  static NetworkReader read(Path folder) throws BrokenPackage {
    return new NetworkReader(
        folder,
        ConfigFile.read(folder, ModelPackage.denoiser(folder) + "/config.json"),
        OnnxGraph.read(folder, ModelPackage.network(folder)));
  }

  /** Returns the denoising network of a package with a picture as its sample. */
  static OnnxGraph graph(Path folder) throws BrokenPackage {
    return OnnxGraph.read(folder, ModelPackage.network(folder)).withPictures();
  }

  /** Returns the output of a denoising network: the one with diffusers' name, or the only one. */
  static TensorInfo output(OnnxGraph graph) throws BrokenPackage {
    List<TensorInfo> outputs = graph.outputs();
    if (outputs.size() == 1) {
      return outputs.get(0);
    }
    return named(outputs, OUTPUTS)
        .orElseThrow(
            () -> new BrokenPackage(graph.file(), OUTPUTS.get(0), "is missing: " + outputs));
  }

  /** Returns the sample input of a denoising network. */
  static TensorInfo sample(OnnxGraph graph) throws BrokenPackage {
    return input(graph, SAMPLES);
  }

  /** Returns the timestep input of a denoising network; empty if it has none. */
  static Optional<TensorInfo> timestep(OnnxGraph graph) {
    return graph.input(NetworkNames.TIMESTEP);
  }

  private static TensorInfo input(OnnxGraph graph, List<String> names) throws BrokenPackage {
    return named(graph.inputs(), names)
        .orElseThrow(
            () ->
                new BrokenPackage(
                    graph.file(), names.get(0), "is missing: the inputs are " + graph.inputs()));
  }

  private static Optional<TensorInfo> named(List<TensorInfo> signature, List<String> names) {
    return signature.stream().filter(info -> names.contains(info.name())).findFirst();
  }

  /**
   * Returns the medium of its results, determined by the sides of its samples. Sounds and pictures
   * with 16 bits have their channels first; otherwise results are tensors.
   */
  Medium medium() throws BrokenPackage {
    List<String> sides = dimensions.sides();
    boolean channelsLast = dimensions.channelAxis() > 0;
    if (config.has(SAMPLE_RATE) && sides.equals(List.of(Layout.LENGTH)) && !channelsLast) {
      return Medium.sound(config.positive(SAMPLE_RATE));
    }
    boolean first = dimensions.channelAxis() == 0 && !config.has(MEAN);
    if (first && sides.equals(List.of(Layout.HEIGHT, Layout.WIDTH))) {
      return Medium.PICTURE;
    }
    if (first && sides.equals(List.of(Layout.FRAMES, Layout.HEIGHT, Layout.WIDTH))) {
      return Medium.film(config.has(FRAME_RATE) ? config.positive(FRAME_RATE) : FRAMES_PER_SECOND);
    }
    boolean uint16 =
        scaling().uint16() && (sides.size() != PICTURE_SIDES || dimensions.channelAxis() == 0);
    return uint16 ? Medium.uint16(sides.size()) : Medium.tensor(sides.size());
  }

  /** Returns the conversion of samples to the data on which the network was trained. */
  DataScaling scaling() throws BrokenPackage {
    if (!config.has(MEAN)) {
      return DataScaling.NONE;
    }
    String type = String.valueOf(config.value("data_dtype"));
    if (!type.equals("float32") && !type.equals("uint16")) {
      throw config.broken("data_dtype", "must be float32 or uint16, is " + type);
    }
    return new DataScaling(perChannel(MEAN), perChannel(STD), type.equals("uint16"));
  }

  private List<Double> perChannel(String key) throws BrokenPackage {
    List<Double> numbers = new ArrayList<>();
    for (Object each : config.list(key)) {
      boolean fits = each instanceof Number n && (key.equals(MEAN) || n.doubleValue() > 0);
      if (!fits) {
        throw config.broken(
            key, "must be numbers, above 0 in " + STD + ", are " + config.list(key));
      }
      numbers.add(((Number) each).doubleValue());
    }
    if (numbers.size() != outputChannels()) {
      throw config.broken(
          key, "must be a number for each of " + outputChannels() + " channels, are " + numbers);
    }
    return numbers;
  }

  /**
   * Returns the deep features at which the network can be split, from the output inwards; empty if
   * it is not a U-Net with its channels first.
   */
  List<SkipFeature> skips() {
    return dimensions.channelAxis() == 0
        ? graph.skipCuts(sample, output).stream().map(SkipCut::feature).toList()
        : List.of();
  }

  /** Returns the conditions of the network, which fill all inputs except sample and timestep. */
  List<Condition> conditions() throws BrokenPackage {
    List<TensorInfo> further =
        graph.inputs().stream()
            .filter(input -> !input.equals(sample) && !input.name().equals(NetworkNames.TIMESTEP))
            .toList();
    return Conditions.recognize(
        new PackageFacts(
            new PackageFolder(folder),
            graph.file(),
            config,
            further,
            inputChannels(),
            outputChannels()));
  }

  ModelCard.Network network(List<Condition> conditions, Space space) throws BrokenPackage {
    boolean enlarges = conditions.stream().anyMatch(each -> each.scale().isPresent());
    int sampleChannels = inputChannels() - conditions.stream().mapToInt(Condition::channels).sum();
    refuseFamilies(sampleChannels);
    boolean variance = outputChannels() == 2 * sampleChannels && dimensions.channelAxis() == 0;
    if (outputChannels() != sampleChannels && !variance) {
      throw config.broken(
          "out_channels",
          "must be once or twice the sample's " + sampleChannels + ", is " + outputChannels());
    }
    SampleSizes sizes = new SampleSizes(graph.file(), config, sample, dimensions, packed, enlarges);
    Layout layout = sizes.layout(sampleChannels);
    checkGivenSides(conditions, layout, space);
    if (enlarges && !layout.open()) {
      throw new BrokenPackage(
          graph.file(), sample.name(), "must leave its sides open to enlarge images, is " + sample);
    }
    return new ModelCard.Network(
        inputChannels(),
        outputChannels(),
        layout,
        timestep.map(info -> info.type().floating()).orElse(true),
        sizes.patchSize(),
        flowTimes(),
        tile(),
        ModelCard.Network.ANY_TIMESTEP);
  }

  /**
   * Checks that the sides from which sizes of inputs follow exist and are open. Those of a
   * decoder's latents are not the sides of results.
   */
  private void checkGivenSides(List<Condition> conditions, Layout layout, Space space)
      throws BrokenPackage {
    for (Condition condition : conditions) {
      for (String side : condition.sides()) {
        if (space.decoded()) {
          throw config.broken(
              InputShape.KEY, "must not name sides if there is a vae_decoder, has " + side);
        }
        if (layout.side(side).filter(Layout.Dimension::open).isEmpty()) {
          throw config.broken(
              InputShape.KEY, "must name open sides of " + dimensions.names() + ", has " + side);
        }
      }
    }
  }

  /**
   * Returns the tiles of pictures that are enlarged. By default neighbours overlap by an eighth.
   */
  private Tile tile() throws BrokenPackage {
    if (!config.has(TILE_SIZE)) {
      return ModelCard.Network.TILE;
    }
    int size = config.positive(TILE_SIZE);
    int overlap = config.integer(TILE_OVERLAP).orElse(size / 8);
    if (2 * overlap > size) {
      throw config.broken(
          TILE_OVERLAP, "must be at most half of %s %d, is %d".formatted(TILE_SIZE, size, overlap));
    }
    return new Tile(size, overlap);
  }

  /**
   * Returns how a step count becomes times on a flow. Pipelines of packed latents list the times;
   * Stable Diffusion 3's never does.
   */
  private FlowTimes flowTimes() {
    if (packed) {
      return FlowTimes.LISTED;
    }
    return config.has(SampleSizes.POSITIONS) ? FlowTimes.COUNTED : FlowTimes.LISTED_WITH_SHIFT;
  }

  /** Refuses networks whose further channels are a start picture. */
  private void refuseFamilies(int sampleChannels) throws BrokenPackage {
    String family =
        switch (outputChannels() == LATENT_CHANNELS ? sampleChannels : 0) {
          case 5 -> "depth-to-image";
          case 7 -> "Stable Diffusion x4 upscaler";
          case 8 -> "InstructPix2Pix";
          case 9 -> "inpainting";
          default -> "";
        };
    if (!family.isEmpty()) {
      throw config.broken(
          "in_channels",
          "are " + sampleChannels + ", as in packages for " + family + ", which is not served");
    }
  }

  ModelCard.Defaults defaults() throws BrokenPackage {
    String steps = "num_inference_steps_default";
    OptionalInt count =
        config.has(steps) ? OptionalInt.of(config.positive(steps)) : OptionalInt.empty();
    OptionalDouble eta = config.number("eta_default");
    if (eta.isPresent() && !(eta.getAsDouble() >= 0 && eta.getAsDouble() <= 1)) {
      throw config.broken("eta_default", "must be 0 to 1, is " + eta.getAsDouble());
    }
    return new ModelCard.Defaults(count, config.number("guidance_scale_default"), eta);
  }

  private int inputChannels() throws BrokenPackage {
    return channels(sample, "in_channels");
  }

  private int outputChannels() throws BrokenPackage {
    return channels(output, "out_channels");
  }

  private int channels(TensorInfo info, String key) throws BrokenPackage {
    if (dimensions.channelAxis() < 0) {
      return 1;
    }
    int axis = dimensions.channelAxis() + 1;
    if (info.size(axis) < 1) {
      boolean listed = dimensions.channelSize() > 0 && !config.has(key);
      return listed ? dimensions.channelSize() : config.positive(key);
    }
    if (config.has(key)
        && config.positive(key) != info.size(axis) * (packed ? PackedLatents.CELLS : 1)) {
      throw config.broken(
          key,
          "must be the "
              + info.size(axis)
              + " of "
              + graph.file()
              + ", is "
              + config.positive(key));
    }
    return Math.toIntExact(info.size(axis));
  }
}
