package io.darkroom.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds channels and strides of tensors {@code [N, C, ...]} of a convolutional network from its
 * operators, without running it. Both are traced back along operators that keep them.
 */
final class FeatureShape {
  /** Operators whose output has the shape of an input. */
  private static final Set<String> ELEMENTWISE =
      Set.of(
          "Add",
          "BatchNormalization",
          "Cast",
          "Clip",
          "Div",
          "Dropout",
          "Erf",
          "Exp",
          "Gelu",
          "GroupNormalization",
          "HardSigmoid",
          "Identity",
          "InstanceNormalization",
          "LeakyRelu",
          "Mul",
          "Neg",
          "Relu",
          "Sigmoid",
          "Softplus",
          "Sub",
          "Tanh");

  /** Operators that change the sides but not the channels. */
  private static final Set<String> RESIZING =
      Set.of("AveragePool", "MaxPool", "Pad", "Resize", "Upsample");

  /** Operators that change the channels but not the sides. */
  private static final Set<String> CHANNELS = Set.of("Concat", "Slice", "Split");

  /** Operators with strides, and those of a pad before them. */
  private static final Set<String> STRIDED = Set.of("Conv", "AveragePool", "MaxPool", "Pad");

  private static final String BLOCK = "blocksize";
  private static final int MOST_BLOCK = 256;
  private static final int MOST = 1 << 20;

  private final GraphNodes nodes;
  private final GraphConstants weights;
  private final String sample;
  private final int sides;
  private final Map<String, Optional<Integer>> channels = new HashMap<>();
  private final Map<String, Optional<List<Integer>>> strides = new HashMap<>();

  /**
   * @param sample name of the sample input
   * @param sides dimensions of a sample after the channels
   */
  FeatureShape(GraphNodes nodes, GraphConstants weights, String sample, int sides) {
    this.nodes = nodes;
    this.weights = weights;
    this.sample = sample;
    this.sides = sides;
  }

  /** Returns the channels of a tensor; empty if they cannot be traced. */
  Optional<Integer> channels(String tensor) {
    Optional<Integer> known = channels.get(tensor);
    if (known == null) {
      // A damaged graph may have a cycle.
      channels.put(tensor, Optional.empty());
      known = nodes.producer(tensor).flatMap(this::channelsOf).filter(FeatureShape::plausible);
      channels.put(tensor, known);
    }
    return known;
  }

  /** Returns whether a number can be that of a network; products of two do not overflow. */
  private static boolean plausible(int number) {
    return number > 0 && number <= MOST;
  }

  private static int block(NodeProto node) {
    return (int) Math.max(1, Math.min(MOST_BLOCK, GraphNodes.integer(node, BLOCK, 1)));
  }

  private Optional<Integer> channelsOf(NodeProto node) {
    String op = node.getOpType();
    if (op.equals("Conv")) {
      return dimension(node, 0);
    }
    if (op.equals("ConvTranspose")) {
      long groups = Math.max(1, Math.min(MOST, GraphNodes.integer(node, "group", 1)));
      return dimension(node, 1).map(each -> (int) Math.min(Integer.MAX_VALUE, each * groups));
    }
    if (op.equals("DepthToSpace")) {
      int block = block(node);
      return first(node).flatMap(this::channels).map(each -> each / (block * block));
    }
    if (op.equals("Concat")) {
      return sum(node);
    }
    return ELEMENTWISE.contains(op) || RESIZING.contains(op)
        ? node.getInputList().stream().flatMap(each -> channels(each).stream()).findFirst()
        : Optional.empty();
  }

  private Optional<Integer> dimension(NodeProto node, int index) {
    List<Long> dimensions =
        node.getInputCount() > 1 ? weights.dimensions(node.getInput(1)) : List.of();
    return dimensions.stream().skip(index).findFirst().map(each -> (int) Math.min(MOST + 1, each));
  }

  private static Optional<String> first(NodeProto node) {
    return node.getInputList().stream().findFirst();
  }

  private Optional<Integer> sum(NodeProto concat) {
    int sum = 0;
    for (String input : concat.getInputList()) {
      Optional<Integer> part = channels(input);
      if (part.isEmpty()) {
        return part;
      }
      sum = Math.min(MOST + 1, sum + part.get());
    }
    return Optional.of(sum);
  }

  /** Returns the cells of a sample per cell of a tensor; empty if they cannot be traced. */
  Optional<List<Integer>> strides(String tensor) {
    if (tensor.equals(sample)) {
      return Optional.of(Collections.nCopies(sides, 1));
    }
    Optional<List<Integer>> known = strides.get(tensor);
    if (known == null) {
      strides.put(tensor, Optional.empty());
      known =
          nodes
              .producer(tensor)
              .flatMap(this::stridesOf)
              .filter(each -> each.stream().allMatch(FeatureShape::plausible));
      strides.put(tensor, known);
    }
    return known;
  }

  private Optional<List<Integer>> stridesOf(NodeProto node) {
    String op = node.getOpType();
    if (STRIDED.contains(op)) {
      return first(node).flatMap(this::strides).flatMap(before -> times(before, node));
    }
    if (op.equals("SpaceToDepth")) {
      int block = block(node);
      return first(node)
          .flatMap(this::strides)
          .map(before -> before.stream().map(each -> each * block).toList());
    }
    return ELEMENTWISE.contains(op) || CHANNELS.contains(op)
        ? node.getInputList().stream().flatMap(each -> strides(each).stream()).findFirst()
        : Optional.empty();
  }

  private static Optional<List<Integer>> times(List<Integer> before, NodeProto node) {
    List<Long> own =
        GraphNodes.attribute(node, "strides")
            .map(AttributeProto::getIntsList)
            .orElse(Collections.nCopies(before.size(), 1L));
    if (own.size() != before.size()) {
      return Optional.empty();
    }
    List<Integer> product = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      product.add((int) Math.min(MOST + 1, Math.max(0, own.get(i)) * before.get(i)));
    }
    return Optional.of(product);
  }
}
