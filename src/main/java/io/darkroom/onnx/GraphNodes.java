package io.darkroom.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The nodes of a graph by the tensors that they give. */
final class GraphNodes {
  private static final Set<String> CONVERSIONS =
      Set.of("Cast", "Identity", "DequantizeLinear", "QuantizeLinear");

  private static final int MOST_CONVERSIONS = 8;

  private final Map<String, NodeProto> producers = new HashMap<>();
  private final Map<String, List<Long>> weights = new HashMap<>();

  GraphNodes(GraphProto graph) {
    for (NodeProto node : graph.getNodeList()) {
      node.getOutputList().forEach(output -> producers.put(output, node));
    }
    for (TensorProto weight : graph.getInitializerList()) {
      weights.put(weight.getName(), weight.getDimsList());
    }
  }

  /** Returns the node that gives a tensor; empty for inputs and weights. */
  Optional<NodeProto> producer(String tensor) {
    return Optional.ofNullable(producers.get(tensor));
  }

  /**
   * Returns the dimensions of a weight, which may be converted before its use; empty if unknown.
   */
  List<Long> dimensions(String tensor) {
    String weight = tensor;
    for (int i = 0; i < MOST_CONVERSIONS && !weights.containsKey(weight); i++) {
      NodeProto node = producers.get(weight);
      if (node != null && node.getOpType().equals("Constant")) {
        return attribute(node, "value").map(each -> each.getT().getDimsList()).orElse(List.of());
      }
      if (node == null || node.getInputCount() == 0 || !CONVERSIONS.contains(node.getOpType())) {
        return List.of();
      }
      weight = node.getInput(0);
    }
    return weights.getOrDefault(weight, List.of());
  }

  /**
   * Returns the tensors from which a tensor is computed, itself included.
   *
   * @param given a tensor that is given instead of computed; empty for none
   */
  Set<String> ancestors(String tensor, String given) {
    Set<String> seen = new HashSet<>(Set.of(tensor));
    Deque<String> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      String next = open.pop();
      NodeProto node = next.equals(given) ? null : producers.get(next);
      if (node != null) {
        inputs(node).stream().filter(seen::add).forEach(open::push);
      }
    }
    return seen;
  }

  /** Returns the tensors that a node reads, with those that its inner graphs read. */
  private static List<String> inputs(NodeProto node) {
    List<String> inputs = new ArrayList<>(node.getInputList());
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.hasG()) {
        attribute.getG().getOutputList().forEach(output -> inputs.add(output.getName()));
        attribute.getG().getNodeList().forEach(inner -> inputs.addAll(inputs(inner)));
      }
    }
    return inputs;
  }

  /** Returns an attribute of a node. */
  static Optional<AttributeProto> attribute(NodeProto node, String name) {
    return node.getAttributeList().stream().filter(a -> a.getName().equals(name)).findFirst();
  }

  /** Returns an integer attribute of a node. */
  static long integer(NodeProto node, String name, long otherwise) {
    return attribute(node, name).map(AttributeProto::getI).orElse(otherwise);
  }
}
