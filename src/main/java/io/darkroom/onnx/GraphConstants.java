package io.darkroom.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/** The weights and constants of a graph by their names, read through conversions. */
final class GraphConstants {
  private static final Set<String> CONVERSIONS =
      Set.of("Cast", "Identity", "DequantizeLinear", "QuantizeLinear");

  private final GraphNodes nodes;
  private final Map<String, TensorProto> constants = new HashMap<>();

  GraphConstants(GraphProto graph, GraphNodes nodes) {
    this.nodes = nodes;
    graph.getInitializerList().forEach(each -> constants.put(each.getName(), each));
    for (NodeProto node : graph.getNodeList()) {
      if (node.getOpType().equals("Constant") && node.getOutputCount() > 0) {
        GraphNodes.attribute(node, "value")
            .ifPresent(value -> constants.put(node.getOutput(0), value.getT()));
      }
    }
  }

  /**
   * Returns the dimensions of a weight, which may be converted before its use; empty if unknown.
   */
  List<Long> dimensions(String tensor) {
    TensorProto weight = constants.get(nodes.before(CONVERSIONS, tensor));
    return weight == null ? List.of() : weight.getDimsList();
  }

  /** Returns a float32 constant with one element. */
  OptionalDouble number(String tensor) {
    Optional<TensorProto> number =
        constant(nodes.before("Identity", tensor), DataType.FLOAT)
            .filter(each -> elements(each) == 1);
    return number.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            number.get().hasRawData()
                ? bytes(number.get()).getFloat(0)
                : number.get().getFloatData(0));
  }

  /** Returns an element of a shape, if it is constant. */
  OptionalLong size(String shape, int index) {
    String name = nodes.before("Identity", shape);
    Optional<NodeProto> parts = nodes.producer(name, "Concat");
    if (parts.isPresent()) {
      return parts.get().getInputCount() > index
          ? element(nodes.before("Unsqueeze", parts.get().getInput(index)), 0)
          : OptionalLong.empty();
    }
    return element(name, index);
  }

  private OptionalLong element(String name, int index) {
    Optional<TensorProto> sizes =
        constant(nodes.before("Identity", name), DataType.INT64)
            .filter(tensor -> elements(tensor) > index);
    return sizes.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(
            sizes.get().hasRawData()
                ? bytes(sizes.get()).getLong(index * Long.BYTES)
                : sizes.get().getInt64Data(index));
  }

  private Optional<TensorProto> constant(String name, DataType type) {
    return Optional.ofNullable(constants.get(name))
        .filter(tensor -> tensor.getDataType() == type.getNumber())
        .filter(tensor -> tensor.getDataLocation() != DataLocation.EXTERNAL);
  }

  private static long elements(TensorProto tensor) {
    return tensor.getDimsList().stream().reduce(1L, Math::multiplyExact);
  }

  private static ByteBuffer bytes(TensorProto tensor) {
    return tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
