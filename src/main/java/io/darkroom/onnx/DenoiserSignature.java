package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ElementType;
import io.darkroom.model.ModelCard;
import io.darkroom.model.TensorInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * The denoising network's inputs and output, with everything fixed but rows and sides.
 *
 * @param sample declared; its sides may be fixed
 * @param inputChannels the sample's and the condition's
 * @param outputChannels of the output
 * @param timestep as declared
 * @param conditions inputs that conditions fill, in the order of the graph; the first dimension is
 *     the rows, the others are known
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
  static DenoiserSignature of(ModelCard card, OnnxGraph graph) throws BrokenPackage {
    TensorInfo sample = info(graph, NetworkReader.SAMPLE);
    if (!sample.type().real() || sample.rank() != 4) {
      throw unfit(sample, "must be float32 or float16 of four dimensions");
    }
    if (sample.size(0) > 0) {
      throw unfit(sample, "must leave the number of rows open");
    }
    TensorInfo timestep = info(graph, NetworkReader.TIMESTEP);
    if (timestep.rank() > 1 || !timestep.type().number()) {
      throw unfit(
          timestep, "must be a number or a vector of float32, float16, float64, int64 or int32");
    }
    List<TensorInfo> conditions = new ArrayList<>();
    for (TensorInfo input : graph.inputs()) {
      card.conditions().stream()
          .flatMap(condition -> condition.inputs().stream())
          .filter(filled -> filled.name().equals(input.name()))
          .forEach(conditions::add);
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
    return sample.type() == ElementType.FLOAT16 ? "float16" : "float32";
  }

  private static TensorInfo output(OnnxGraph graph) throws BrokenPackage {
    TensorInfo output = NetworkReader.output(graph);
    if (!output.type().real()) {
      throw unfit(output, "must be float32 or float16");
    }
    return output;
  }

  private static TensorInfo info(OnnxGraph graph, String name) throws BrokenPackage {
    return graph
        .input(name)
        .orElseThrow(() -> new BrokenPackage(ModelPackage.UNET, name, "is missing"));
  }

  private static BrokenPackage unfit(TensorInfo info, String rule) {
    return new BrokenPackage(ModelPackage.UNET, info.name(), rule + ", is " + info);
  }
}
