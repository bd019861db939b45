package io.darkroom.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Finds the nodes and small constants of a graph by the names of values. */
final class GraphIndex {
  private final Map<String, NodeProto> producers = new HashMap<>();
  private final Map<String, List<NodeProto>> consumers = new HashMap<>();
  private final Map<String, TensorProto> constants = new HashMap<>();

  GraphIndex(GraphProto graph) {
    graph.getInitializerList().forEach(each -> constants.put(each.getName(), each));
    for (NodeProto node : graph.getNodeList()) {
      node.getOutputList().forEach(output -> producers.put(output, node));
      for (String input : node.getInputList()) {
        consumers.computeIfAbsent(input, name -> new ArrayList<>()).add(node);
      }
      if (node.getOpType().equals("Constant")) {
        attribute(node, "value").ifPresent(value -> constants.put(node.getOutput(0), value.getT()));
      }
    }
  }

  /** Returns the node that computes a value, if it has the given operator. */
  Optional<NodeProto> producer(String value, String operator) {
    return Optional.ofNullable(producers.get(value))
        .filter(node -> node.getOpType().equals(operator));
  }

  /**
   * Returns the node with the given operator that reads a value; empty if there is not just one.
   */
  Optional<NodeProto> consumer(String value, String operator) {
    List<NodeProto> found =
        consumers.getOrDefault(value, List.of()).stream()
            .filter(node -> node.getOpType().equals(operator))
            .toList();
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  /** Returns the value before nodes with the given operator. */
  String before(String operator, String value) {
    return producer(value, operator).map(node -> before(operator, node.getInput(0))).orElse(value);
  }

  /** Returns a float32 constant with one element. */
  OptionalDouble number(String value) {
    Optional<TensorProto> number =
        constant(before("Identity", value), DataType.FLOAT).filter(tensor -> elements(tensor) == 1);
    return number.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            number.get().hasRawData()
                ? bytes(number.get()).getFloat(0)
                : number.get().getFloatData(0));
  }

  /** Returns an element of a shape, if it is constant. */
  OptionalLong size(String shape, int index) {
    String name = before("Identity", shape);
    Optional<NodeProto> parts = producer(name, "Concat");
    if (parts.isPresent()) {
      return parts.get().getInputCount() > index
          ? size(before("Unsqueeze", parts.get().getInput(index)), 0)
          : OptionalLong.empty();
    }
    Optional<TensorProto> sizes =
        constant(name, DataType.INT64).filter(tensor -> elements(tensor) > index);
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

  /** Returns whether a node is a transposition with the given order of axes. */
  static boolean transposes(NodeProto node, List<Long> order) {
    return node.getOpType().equals("Transpose")
        && attribute(node, "perm").filter(axes -> axes.getIntsList().equals(order)).isPresent();
  }

  static Optional<AttributeProto> attribute(NodeProto node, String name) {
    return node.getAttributeList().stream().filter(each -> each.getName().equals(name)).findFirst();
  }

  private static ByteBuffer bytes(TensorProto tensor) {
    return tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
