package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ElementType;
import io.darkroom.model.ModelCard;
import io.darkroom.model.TensorInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The inputs and output of the denoising network, completely known except for rows and sides.
 *
 * @param sample declared; its sides may be fixed
 * @param inputChannels channels of the sample and the conditions
 * @param outputChannels channels of the output
 * @param timestep as declared; empty if the network has no such input
 * @param conditions inputs that conditions fill, in the order of the graph; the first dimension is
 *     the rows, another may be tokens
 * @param output as declared
 */
record DenoiserSignature(
    TensorInfo sample,
    int inputChannels,
    int outputChannels,
    Optional<TensorInfo> timestep,
    List<TensorInfo> conditions,
    TensorInfo output) {

  DenoiserSignature {
    conditions = List.copyOf(conditions);
  }

  /**
   * Reads the signature from the network's file.
   *
   * @throws BrokenPackage if an input's type or shape is not supported
   */
  static DenoiserSignature of(ModelCard card, OnnxGraph graph) throws BrokenPackage {
    TensorInfo sample = NetworkReader.sample(graph);
    if (!sample.type().real() || sample.rank() != card.medium().sides() + 2) {
      throw unfit(
          graph,
          sample,
          "must be float32 or float16 of %d dimensions".formatted(card.medium().sides() + 2));
    }
    if (sample.size(0) > 0) {
      throw unfit(graph, sample, "must leave the number of rows open");
    }
    Optional<TensorInfo> timestep = NetworkReader.timestep(graph);
    if (timestep.isPresent() && (timestep.get().rank() > 1 || !timestep.get().type().number())) {
      throw unfit(
          graph,
          timestep.get(),
          "must be a number or a vector of float32, float16, float64, int64 or int32");
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

  /** Returns the type of timesteps. */
  ElementType timestepType() {
    return timestep.map(TensorInfo::type).orElse(ElementType.FLOAT);
  }

  /**
   * Returns a copy with a number of tokens for each open dimension of conditions other than the
   * rows.
   */
  DenoiserSignature of(int tokens) {
    List<TensorInfo> known = conditions.stream().map(info -> known(info, tokens)).toList();
    return new DenoiserSignature(sample, inputChannels, outputChannels, timestep, known, output);
  }

  private static TensorInfo known(TensorInfo info, int tokens) {
    List<Long> dimensions = new ArrayList<>(info.dimensions());
    for (int i = 1; i < dimensions.size(); i++) {
      if (dimensions.get(i) < 0) {
        dimensions.set(i, (long) tokens);
      }
    }
    return new TensorInfo(info.name(), info.type(), dimensions);
  }

  /** Returns the precision of inputs and outputs, given by the sample's type. */
  String precision() {
    return sample.type() == ElementType.FLOAT16 ? "float16" : "float32";
  }

  private static TensorInfo output(OnnxGraph graph) throws BrokenPackage {
    TensorInfo output = NetworkReader.output(graph);
    if (!output.type().real()) {
      throw unfit(graph, output, "must be float32 or float16");
    }
    return output;
  }

  private static BrokenPackage unfit(OnnxGraph graph, TensorInfo info, String rule) {
    return new BrokenPackage(graph.file(), info.name(), rule + ", is " + info);
  }
}
