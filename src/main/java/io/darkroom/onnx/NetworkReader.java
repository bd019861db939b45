package io.darkroom.onnx;

import io.darkroom.plan.ModelCard;
import io.darkroom.plan.ModelCard.Layout;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What the denoising network's file and configuration say together; where both speak they must
 * agree. Types and ranks come from the file alone.
 */
final class NetworkReader {
  static final String SAMPLE = "sample";
  static final String TIMESTEP = "timestep";
  static final String CLASS_LABELS = "class_labels";
  static final String HIDDEN_STATES = "encoder_hidden_states";
  private static final Set<String> KNOWN = Set.of(SAMPLE, TIMESTEP, CLASS_LABELS, HIDDEN_STATES);
  private static final int SIDE_OF_SUPER_RESOLUTION = 64;

  private final Path folder;
  private final ConfigFile config;
  private final OnnxGraph graph;
  private final Door sample;
  private final Door timestep;
  private final Door output;

  private NetworkReader(Path folder, ConfigFile config, OnnxGraph graph) throws BrokenPackage {
    this.folder = folder;
    this.config = config;
    this.graph = graph;
    this.sample = input(SAMPLE);
    this.timestep = input(TIMESTEP);
    this.output = output(graph);
  }

  static NetworkReader read(Path folder) throws BrokenPackage {
    NetworkReader reader =
        new NetworkReader(
            folder,
            ConfigFile.read(folder, ModelPackage.UNET_CONFIG),
            OnnxGraph.read(folder, ModelPackage.UNET));
    for (Door door : reader.graph.inputs()) {
      if (!KNOWN.contains(door.name())) {
        throw new BrokenPackage(
            ModelPackage.UNET, door.name(), "is not an input that can be filled: " + door);
      }
    }
    return reader;
  }

  /** The output of a denoising network: diffusers' name, or the only one there is. */
  static Door output(OnnxGraph graph) throws BrokenPackage {
    List<Door> outputs = graph.outputs();
    if (outputs.size() == 1) {
      return outputs.get(0);
    }
    return graph
        .output("out_sample")
        .orElseThrow(
            () -> new BrokenPackage(ModelPackage.UNET, "out_sample", "is missing: " + outputs));
  }

  Layout layout() throws BrokenPackage {
    return new LayoutReader(folder, config, graph).layout(inputChannels(), outputChannels());
  }

  ModelCard.Network network() throws BrokenPackage {
    boolean enlarges = layout() instanceof Layout.SuperResolution;
    int sampleChannels = enlarges ? inputChannels() / 2 : inputChannels();
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
        timestep.floating());
  }

  ModelCard.Defaults defaults() throws BrokenPackage {
    return new ModelCard.Defaults(
        config.integer("num_inference_steps_default"),
        config.number("guidance_scale_default"),
        config.number("eta_default"));
  }

  private int inputChannels() throws BrokenPackage {
    return channels(sample, "in_channels");
  }

  private int outputChannels() throws BrokenPackage {
    return channels(output, "out_channels");
  }

  private int channels(Door door, String key) throws BrokenPackage {
    if (door.size(1) < 1) {
      return config.positive(key);
    }
    if (config.has(key) && config.positive(key) != door.size(1)) {
      throw config.broken(
          key,
          "must be the "
              + door.size(1)
              + " of "
              + ModelPackage.UNET
              + ", is "
              + config.positive(key));
    }
    return Math.toIntExact(door.size(1));
  }

  private int side(int dimension, int index, boolean enlarges) throws BrokenPackage {
    if (sample.size(dimension) > 0) {
      return Math.toIntExact(sample.size(dimension));
    }
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
    int blocks =
        config.has("down_block_types")
            ? config.list("down_block_types").size()
            : config.list("block_out_channels").size();
    int patch = config.has("patch_size") ? config.positive("patch_size") : 1;
    return patch << Math.max(0, blocks - 1);
  }

  private Door input(String name) throws BrokenPackage {
    return graph
        .input(name)
        .orElseThrow(() -> new BrokenPackage(ModelPackage.UNET, name, "is missing"));
  }
}
