package io.darkroom.onnx;

import ai.onnxruntime.OnnxJavaType;
import io.darkroom.plan.ModelCard;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The denoising network's inputs and output, with everything fixed but rows and sides.
 *
 * @param sample declared; its sides may be fixed
 * @param inputChannels the sample's and the condition's
 * @param outputChannels of the output
 * @param timestep as declared
 * @param conditions what else a row is told; the first dimension is the rows, the others are known
 * @param output as declared
 */
record DenoiserSignature(
    TensorInfo sample,
    int inputChannels,
    int outputChannels,
    TensorInfo timestep,
    List<TensorInfo> conditions,
    TensorInfo output) {

  DenoiserSignature {
    conditions = List.copyOf(conditions);
  }

  /**
   * Reads them from the network's file.
   *
   * @throws BrokenPackage where an input's type or shape cannot be filled
   */
  static DenoiserSignature of(Path folder, ModelCard card, OnnxGraph graph) throws BrokenPackage {
    TensorInfo sample = door(graph, NetworkReader.SAMPLE);
    if (!sample.real() || sample.rank() != 4) {
      throw unfit(sample, "must be float32 or float16 of four dimensions");
    }
    if (sample.size(0) > 0) {
      throw unfit(sample, "must leave the number of rows open");
    }
    TensorInfo timestep = door(graph, NetworkReader.TIMESTEP);
    if (timestep.rank() > 1 || !number(timestep.type())) {
      throw unfit(
          timestep, "must be a number or a vector of float32, float16, float64, int64 or int32");
    }
    List<TensorInfo> conditions = new ArrayList<>();
    for (TensorInfo door : graph.inputs()) {
      if (door.name().equals(NetworkReader.CLASS_LABELS)) {
        conditions.add(labels(door));
      } else if (door.name().equals(NetworkReader.HIDDEN_STATES)) {
        conditions.add(hiddenStates(folder, card, door));
      }
    }
    return new DenoiserSignature(
        sample,
        card.network().inputChannels(),
        card.network().outputChannels(),
        timestep,
        conditions,
        output(graph));
  }

  /** How numbers go through, by the sample's type. */
  String precision() {
    return sample.type() == OnnxJavaType.FLOAT16 ? "float16" : "float32";
  }

  private static TensorInfo output(OnnxGraph graph) throws BrokenPackage {
    TensorInfo output = NetworkReader.output(graph);
    if (!output.real()) {
      throw unfit(output, "must be float32 or float16");
    }
    return output;
  }

  private static TensorInfo door(OnnxGraph graph, String name) throws BrokenPackage {
    return graph
        .input(name)
        .orElseThrow(() -> new BrokenPackage(ModelPackage.UNET, name, "is missing"));
  }

  private static TensorInfo labels(TensorInfo door) throws BrokenPackage {
    if (door.rank() != 1 || !number(door.type())) {
      throw unfit(door, "must be a vector of numbers");
    }
    return door;
  }

  private static TensorInfo hiddenStates(Path folder, ModelCard card, TensorInfo door)
      throws BrokenPackage {
    if (!(card.layout() instanceof ModelCard.Layout.TextToImage text)
        || door.rank() != 3
        || !door.real()) {
      throw unfit(
          door, "must be float32 or float16 of three dimensions, with a text encoder beside it");
    }
    long width =
        door.size(2) > 0
            ? door.size(2)
            : ConfigFile.read(folder, ModelPackage.UNET_CONFIG).positive("cross_attention_dim");
    return new TensorInfo(
        door.name(), door.type(), List.of(TensorInfo.ANY, (long) text.maxTokens(), width));
  }

  private static boolean number(OnnxJavaType type) {
    return switch (type) {
      case FLOAT, FLOAT16, DOUBLE, INT64, INT32 -> true;
      default -> false;
    };
  }

  private static BrokenPackage unfit(TensorInfo door, String rule) {
    return new BrokenPackage(ModelPackage.UNET, door.name(), rule + ", is " + door);
  }
}
