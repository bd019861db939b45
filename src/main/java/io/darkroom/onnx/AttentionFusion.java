package io.darkroom.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Replaces scaled dot-product attention that an exporter wrote as separate operators by ONNX
 * Runtime's operator {@code com.microsoft.MultiHeadAttention}, which computes {@code softmax(scale
 * * Q K^T) V} of each head without storing the matrix of weights. Recognised are the forms that
 * PyTorch's exporters write for diffusers: with and without the heads in the dimension of rows, and
 * with the factor before or after the product. Attention with a mask stays as it is.
 *
 * <p>Recognition is generous; a trial must show that the results are the same.
 */
final class AttentionFusion {
  static final String DOMAIN = "com.microsoft";
  private static final String OPERATOR = "MultiHeadAttention";

  /** Index of the heads in {@code [N, tokens, heads, size]}. */
  private static final int HEADS = 2;

  private static final List<Long> TOKENS_FIRST = List.of(0L, 2L, 1L, 3L);
  private static final List<Long> TOKENS_LAST = List.of(0L, 2L, 3L, 1L);
  private static final List<Long> SWAPPED = List.of(0L, 2L, 1L);

  private final GraphProto graph;
  private final GraphNodes nodes;
  private final GraphConstants constants;

  private AttentionFusion(GraphProto graph) {
    this.graph = graph;
    this.nodes = new GraphNodes(graph);
    this.constants = new GraphConstants(graph, nodes);
  }

  /** Returns the graph with fused attention; the given one if there is none to fuse. */
  static GraphProto fused(GraphProto graph) {
    return new AttentionFusion(graph).fused();
  }

  /** Returns the number of fused operators in a graph. */
  static long count(GraphProto graph) {
    return graph.getNodeList().stream().filter(node -> node.getOpType().equals(OPERATOR)).count();
  }

  /**
   * A value of all heads before it is split.
   *
   * @param name value of shape {@code [N, tokens, heads * size]}
   * @param factor factor by which it is multiplied; empty if it is computed in the graph
   */
  private record Split(String name, long heads, OptionalDouble factor) {}

  private GraphProto fused() {
    Map<String, NodeProto> fused = new HashMap<>();
    for (NodeProto node : graph.getNodeList()) {
      if (node.getOpType().equals("Softmax")) {
        attention(node).ifPresent(each -> fused.put(each.getOutput(0), each));
      }
    }
    if (fused.isEmpty()) {
      return graph;
    }
    List<NodeProto> edited = new ArrayList<>();
    for (NodeProto node : graph.getNodeList()) {
      edited.add(fused.getOrDefault(node.getOutputCount() > 0 ? node.getOutput(0) : "", node));
    }
    return graph.toBuilder().clearNode().addAllNode(used(edited)).build();
  }

  /** Returns the operator that replaces the attention around a softmax. */
  private Optional<NodeProto> attention(NodeProto softmax) {
    Optional<NodeProto> product = afterCasts(softmax.getOutput(0));
    OptionalDouble scale = OptionalDouble.of(1);
    String scores = withoutZeros(nodes.before("Cast", softmax.getInput(0)));
    Optional<NodeProto> scaled = nodes.producer(scores, "Mul");
    if (scaled.isPresent()) {
      scale = constants.number(scaled.get().getInput(1));
      scores = scaled.get().getInput(0);
    }
    Optional<NodeProto> compared = nodes.producer(scores, "MatMul");
    if (product.isEmpty() || compared.isEmpty() || scale.isEmpty()) {
      return Optional.empty();
    }
    Optional<Split> query = split(compared.get().getInput(0));
    Optional<Split> key = keys(compared.get().getInput(1));
    Optional<Split> value = split(product.get().getInput(1));
    Optional<String> merged = merged(product.get().getOutput(0));
    boolean whole =
        query.isPresent()
            && key.isPresent()
            && value.isPresent()
            && merged.isPresent()
            && query.get().heads() == key.get().heads()
            && query.get().heads() == value.get().heads();
    return whole
        ? Optional.of(node(merged.get(), query.get(), key.get(), value.get(), scale.getAsDouble()))
        : Optional.empty();
  }

  private Optional<NodeProto> afterCasts(String weights) {
    Optional<NodeProto> cast = nodes.consumer(weights, "Cast");
    return nodes.consumer(cast.map(node -> node.getOutput(0)).orElse(weights), "MatMul");
  }

  /** Returns the value to which a graph adds zeros, e.g. those of {@code torch.baddbmm}. */
  private String withoutZeros(String value) {
    Optional<NodeProto> sum = nodes.producer(value, "Add");
    Optional<NodeProto> zeros =
        sum.flatMap(node -> nodes.producer(node.getInput(1), "Mul"))
            .filter(node -> nodes.producer(node.getInput(0), "ConstantOfShape").isPresent())
            .filter(node -> constants.number(node.getInput(1)).orElse(1) == 0);
    return zeros.isPresent() ? sum.orElseThrow().getInput(0) : value;
  }

  /** Returns the value whose heads were split: reshaped, transposed, and perhaps reshaped again. */
  private Optional<Split> split(String value) {
    return nodes
        .producer(value, "Mul")
        .map(node -> split(node.getInput(0), TOKENS_FIRST, constants.number(node.getInput(1))))
        .orElseGet(() -> split(value, TOKENS_FIRST, OptionalDouble.of(1)));
  }

  /** Returns the same for keys, whose last two axes were swapped, before or after the reshape. */
  private Optional<Split> keys(String value) {
    Optional<NodeProto> swapped =
        nodes.producer(value, "Transpose").filter(node -> transposes(node, SWAPPED));
    if (swapped.isPresent()) {
      return split(swapped.get().getInput(0));
    }
    return nodes
        .producer(value, "Mul")
        .map(node -> split(node.getInput(0), TOKENS_LAST, constants.number(node.getInput(1))))
        .orElseGet(() -> split(value, TOKENS_LAST, OptionalDouble.of(1)));
  }

  /**
   * @param order order of axes in which the heads are the second one
   */
  private Optional<Split> split(String value, List<Long> order, OptionalDouble factor) {
    Optional<NodeProto> transposed =
        nodes
            .producer(nodes.before("Reshape", value), "Transpose")
            .filter(node -> transposes(node, order));
    Optional<NodeProto> reshaped =
        transposed.flatMap(node -> nodes.producer(node.getInput(0), "Reshape"));
    if (reshaped.isEmpty()) {
      return Optional.empty();
    }
    OptionalLong count = constants.size(reshaped.get().getInput(1), HEADS);
    return count.isPresent() && count.getAsLong() > 0
        ? Optional.of(new Split(reshaped.get().getInput(0), count.getAsLong(), factor))
        : Optional.empty();
  }

  /** Returns the name of the value in which the heads are joined again. */
  private Optional<String> merged(String product) {
    String heads =
        nodes.consumer(product, "Reshape").map(node -> node.getOutput(0)).orElse(product);
    return nodes
        .consumer(heads, "Transpose")
        .filter(node -> transposes(node, TOKENS_FIRST))
        .flatMap(node -> nodes.consumer(node.getOutput(0), "Reshape"))
        .map(node -> node.getOutput(0));
  }

  private static NodeProto node(String output, Split query, Split key, Split value, double scale) {
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setName("darkroom/attention_" + output)
            .setDomain(DOMAIN)
            .setOpType(OPERATOR)
            .addAllInput(List.of(query.name(), key.name(), value.name()))
            .addOutput(output)
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("num_heads")
                    .setType(AttributeProto.AttributeType.INT)
                    .setI(query.heads()));
    if (query.factor().isPresent() && key.factor().isPresent()) {
      double all = scale * query.factor().getAsDouble() * key.factor().getAsDouble();
      node.addAttribute(
          AttributeProto.newBuilder()
              .setName("scale")
              .setType(AttributeProto.AttributeType.FLOAT)
              .setF((float) all));
    }
    // Otherwise the operator's default, one over the root of a head's size.
    return node.build();
  }

  /** Returns the nodes whose results are needed, in their order. */
  private List<NodeProto> used(List<NodeProto> edited) {
    Set<String> needed = new HashSet<>();
    graph.getOutputList().forEach(output -> needed.add(output.getName()));
    List<NodeProto> used = new ArrayList<>();
    for (int i = edited.size() - 1; i >= 0; i--) {
      NodeProto node = edited.get(i);
      if (node.getOutputList().stream().anyMatch(needed::contains)) {
        used.add(node);
        needed.addAll(GraphNodes.inputs(node));
      }
    }
    Collections.reverse(used);
    return used;
  }

  private static boolean transposes(NodeProto node, List<Long> order) {
    return node.getOpType().equals("Transpose")
        && GraphNodes.attribute(node, "perm")
            .filter(axes -> axes.getIntsList().equals(order))
            .isPresent();
  }
}
