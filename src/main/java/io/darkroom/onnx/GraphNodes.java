package io.darkroom.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The nodes of a graph by the tensors that they give and read. A damaged graph may have cycles. */
final class GraphNodes {
  private final Map<String, NodeProto> producers = new HashMap<>();
  private final Map<String, List<NodeProto>> consumers = new HashMap<>();

  GraphNodes(GraphProto graph) {
    for (NodeProto node : graph.getNodeList()) {
      node.getOutputList().forEach(output -> producers.put(output, node));
      for (String input : node.getInputList()) {
        consumers.computeIfAbsent(input, name -> new ArrayList<>()).add(node);
      }
    }
  }

  /** Returns the node that gives a tensor; empty for inputs and weights. */
  Optional<NodeProto> producer(String tensor) {
    return Optional.ofNullable(producers.get(tensor));
  }

  /** Returns the node that gives a tensor, if it has the given operator. */
  Optional<NodeProto> producer(String tensor, String operator) {
    return producer(tensor).filter(node -> node.getOpType().equals(operator));
  }

  /**
   * Returns the node with the given operator that reads a tensor; empty if there is not just one.
   */
  Optional<NodeProto> consumer(String tensor, String operator) {
    List<NodeProto> found =
        consumers.getOrDefault(tensor, List.of()).stream()
            .filter(node -> node.getOpType().equals(operator))
            .toList();
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  /** Returns the tensor before nodes with the given operator. */
  String before(String operator, String tensor) {
    return before(Set.of(operator), tensor);
  }

  /** Returns the tensor before nodes with the given operators, along their first inputs. */
  String before(Set<String> operators, String tensor) {
    Set<String> seen = new HashSet<>();
    String before = tensor;
    while (seen.add(before)) {
      NodeProto node = producers.get(before);
      if (node != null && node.getInputCount() > 0 && operators.contains(node.getOpType())) {
        before = node.getInput(0);
      }
    }
    return before;
  }

  /** Returns the tensors from which a tensor is computed, itself included. */
  Set<String> ancestors(String tensor) {
    return ancestors(tensor, "");
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
  static List<String> inputs(NodeProto node) {
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
