package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Condition;
import io.darkroom.model.ElementType;
import io.darkroom.model.Layout;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import io.darkroom.model.TensorInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * @param layout dimensions of the sample
 * @param filling the conditions
 * @param output as declared
 */
record DenoiserSignature(
    TensorInfo sample,
    int inputChannels,
    int outputChannels,
    Optional<TensorInfo> timestep,
    List<TensorInfo> conditions,
    TensorInfo output,
    Layout layout,
    List<Condition> filling) {

  DenoiserSignature {
    filling = List.copyOf(filling);
    conditions = List.copyOf(conditions);
  }

  /**
   * Reads the signature from the network's file.
   *
   * @throws BrokenPackage if an input's type or shape is not supported
   */
  static DenoiserSignature of(ModelCard card, OnnxGraph graph) throws BrokenPackage {
    TensorInfo sample = NetworkReader.sample(graph);
    Layout layout = card.network().layout();
    int rank = layout.dimensions().size() + 1;
    if (!sample.type().real() || sample.rank() != rank) {
      throw unfit(graph, sample, "must be float32 or float16 of %d dimensions".formatted(rank));
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
        output(graph),
        layout,
        card.conditions());
  }

  /** Returns the type of timesteps. */
  ElementType timestepType() {
    return timestep.map(TensorInfo::type).orElse(ElementType.FLOAT);
  }

  /**
   * Returns a copy for samples of a shape, with a number of tokens for each dimension of conditions
   * that does not follow from it, other than the rows.
   */
  DenoiserSignature of(Shape shape, int tokens) {
    Map<String, TensorInfo> sized = new HashMap<>();
    for (Condition condition : filling) {
      condition.inputs(layout, shape).forEach(input -> sized.put(input.name(), input));
    }
    List<TensorInfo> known =
        conditions.stream()
            .map(info -> known(sized.getOrDefault(info.name(), info), tokens))
            .toList();
    return new DenoiserSignature(
        sample, inputChannels, outputChannels, timestep, known, output, layout, filling);
  }

  /** Returns the shape of a row of the input for a sample. */
  long[] inputRow(Shape shape) {
    return row(shape, inputChannels);
  }

  /** Returns the shape of a row of the output for a sample. */
  long[] outputRow(Shape shape) {
    return row(shape, outputChannels);
  }

  private long[] row(Shape shape, int channels) {
    long[] sizes = shape.sizes().stream().mapToLong(Integer::longValue).toArray();
    if (layout.channelAxis() >= 0) {
      sizes[layout.channelAxis()] = channels;
    }
    return sizes;
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
