package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Condition;
import io.darkroom.model.Conditions;
import io.darkroom.model.Config;
import io.darkroom.model.ModelCard;
import io.darkroom.model.PackageFacts;
import io.darkroom.model.TensorInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the denoising network's file and configuration say together; where both speak they must
 * agree. Types and ranks come from the file alone.
 */
final class NetworkReader {
  static final String SAMPLE = "sample";
  static final String TIMESTEP = "timestep";
  private static final Set<String> ALWAYS = Set.of(SAMPLE, TIMESTEP);

  /** Blocks that each halve the sides. */
  static final int MOST_BLOCKS = 16;

  /** Side of a sample that a network can be tested with. */
  private static final int MOST_CELLS = 4096;

  private static final int LATENT_CHANNELS = 4;
  private static final int SIDE_OF_SUPER_RESOLUTION = 64;

  private final Path folder;
  private final Config config;
  private final OnnxGraph graph;
  private final TensorInfo sample;
  private final TensorInfo timestep;
  private final TensorInfo output;

  private NetworkReader(Path folder, Config config, OnnxGraph graph) throws BrokenPackage {
    this.folder = folder;
    this.config = config;
    this.graph = graph;
    this.sample = input(SAMPLE);
    this.timestep = input(TIMESTEP);
    this.output = output(graph);
  }

  static NetworkReader read(Path folder) throws BrokenPackage {
    return new NetworkReader(
        folder,
        ConfigFile.read(folder, ModelPackage.UNET_CONFIG),
        OnnxGraph.read(folder, ModelPackage.UNET));
  }

  /** The output of a denoising network: diffusers' name, or the only one there is. */
  static TensorInfo output(OnnxGraph graph) throws BrokenPackage {
    List<TensorInfo> outputs = graph.outputs();
    if (outputs.size() == 1) {
      return outputs.get(0);
    }
    return graph
        .output("out_sample")
        .orElseThrow(
            () -> new BrokenPackage(ModelPackage.UNET, "out_sample", "is missing: " + outputs));
  }

  /** The conditions of the network, which fill all its inputs but sample and timestep. */
  List<Condition> conditions() throws BrokenPackage {
    List<TensorInfo> further =
        graph.inputs().stream().filter(input -> !ALWAYS.contains(input.name())).toList();
    return Conditions.recognize(
        new PackageFacts(
            new PackageFolder(folder),
            ModelPackage.UNET,
            config,
            further,
            inputChannels(),
            outputChannels()));
  }

  ModelCard.Network network(List<Condition> conditions) throws BrokenPackage {
    boolean enlarges = conditions.stream().anyMatch(each -> each.scale().isPresent());
    int sampleChannels = inputChannels() - conditions.stream().mapToInt(Condition::channels).sum();
    refuseFamilies(sampleChannels);
    if (outputChannels() != sampleChannels && outputChannels() != 2 * sampleChannels) {
      throw config.broken(
          "out_channels",
          "must be once or twice the sample's " + sampleChannels + ", is " + outputChannels());
    }
    boolean anySize = sample.size(2) < 1 && sample.size(3) < 1;
    if (enlarges && !anySize) {
      throw new BrokenPackage(
          ModelPackage.UNET, SAMPLE, "must leave its sides open to enlarge pictures, is " + sample);
    }
    return new ModelCard.Network(
        sampleChannels,
        inputChannels(),
        outputChannels(),
        side(2, 0, enlarges),
        side(3, 1, enlarges),
        sizeMultiple(),
        anySize,
        timestep.type().floating(),
        patchSize(ModelCard.Network.PATCH_SIZE));
  }

  /** Networks whose further channels are a picture to start from. */
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
    if (info.size(1) < 1) {
      return config.positive(key);
    }
    if (config.has(key) && config.positive(key) != info.size(1)) {
      throw config.broken(
          key,
          "must be the "
              + info.size(1)
              + " of "
              + ModelPackage.UNET
              + ", is "
              + config.positive(key));
    }
    return Math.toIntExact(info.size(1));
  }

  private int side(int dimension, int index, boolean enlarges) throws BrokenPackage {
    if (sample.size(dimension) > MOST_CELLS) {
      throw new BrokenPackage(
          ModelPackage.UNET, SAMPLE, "must have sides of at most " + MOST_CELLS + ", is " + sample);
    }
    if (sample.size(dimension) > 0) {
      return Math.toIntExact(sample.size(dimension));
    }
    int side = standardSide(index, enlarges);
    if (side > MOST_CELLS) {
      throw config.broken("sample_size", "must be at most " + MOST_CELLS + ", is " + side);
    }
    return side;
  }

  private int standardSide(int index, boolean enlarges) throws BrokenPackage {
    if (config.value("sample_size") instanceof List<?> sides
        && sides.size() == 2
        && sides.get(index) instanceof Integer side
        && side > 0) {
      return side;
    }
    return enlarges && !config.has("sample_size")
        ? SIDE_OF_SUPER_RESOLUTION
        : config.positive("sample_size");
  }

  /** Each block but the last halves the sides. */
  private int sizeMultiple() throws BrokenPackage {
    if (config.has("size_multiple")) {
      return config.positive("size_multiple");
    }
    String key = config.has("down_block_types") ? "down_block_types" : "block_out_channels";
    int blocks = config.list(key).size();
    if (blocks > MOST_BLOCKS) {
      throw config.broken(key, "must be at most " + MOST_BLOCKS + ", are " + blocks);
    }
    return patchSize(1) << Math.max(0, blocks - 1);
  }

  private int patchSize(int otherwise) throws BrokenPackage {
    return config.has("patch_size") ? config.positive("patch_size") : otherwise;
  }

  private TensorInfo input(String name) throws BrokenPackage {
    return graph
        .input(name)
        .orElseThrow(
            () ->
                new BrokenPackage(
                    ModelPackage.UNET, name, "is missing: the inputs are " + graph.inputs()));
  }
}
