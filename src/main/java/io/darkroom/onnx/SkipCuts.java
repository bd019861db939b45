package io.darkroom.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.darkroom.model.SkipFeature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Finds the places at which a U-Net can be split: each {@code Concat} of channels on the way to the
 * output that joins a skip connection with a deep feature that is computed from it.
 */
final class SkipCuts {
  private final GraphProto graph;
  private final GraphNodes nodes;
  private final FeatureShape shapes;
  private final String sample;

  private SkipCuts(GraphProto graph, String sample, int sides) {
    this.graph = graph;
    this.nodes = new GraphNodes(graph);
    this.shapes = new FeatureShape(nodes, new GraphConstants(graph, nodes), sample, sides);
    this.sample = sample;
  }

  /**
   * Returns the cuts from the output inwards; empty if the network is not a U-Net.
   *
   * @param sample name of the sample input, {@code [N, C, ...]}
   * @param sides dimensions of a sample after the channels
   * @param output name of the output
   */
  static List<SkipCut> find(GraphProto graph, String sample, int sides, String output) {
    return new SkipCuts(graph, sample, sides).find(output);
  }

  private List<SkipCut> find(String output) {
    List<SkipCut> cuts = new ArrayList<>();
    List<String> joins = new ArrayList<>();
    Set<String> above = nodes.ancestors(output);
    for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
      NodeProto node = graph.getNode(i);
      if (joinsChannels(node) && above.contains(node.getOutput(0))) {
        Optional<SkipCut> cut =
            cut(node.getInput(0), node.getInput(1))
                .or(() -> cut(node.getInput(1), node.getInput(0)));
        if (cut.isPresent()) {
          cuts.add(cut.get());
          joins.add(node.getOutput(0));
          // A deeper cut is within the feature of this one.
          above = nodes.ancestors(cut.get().tensor());
        }
      }
    }
    return IntStream.range(0, cuts.size())
        .filter(i -> cutsOff(joins.subList(i, joins.size()), cuts.get(i), output))
        .mapToObj(cuts::get)
        .toList();
  }

  /**
   * Returns whether nothing below a cut is left for the shallow part: the output may also depend on
   * the deep part by another way.
   *
   * @param joins the joins of this cut and of the deeper ones
   */
  private boolean cutsOff(List<String> joins, SkipCut cut, String output) {
    Set<String> left = nodes.ancestors(output, cut.tensor());
    return joins.stream().skip(1).noneMatch(left::contains);
  }

  private static boolean joinsChannels(NodeProto node) {
    return node.getOpType().equals("Concat")
        && node.getInputCount() == 2
        && GraphNodes.integer(node, "axis", 0) == 1;
  }

  private Optional<SkipCut> cut(String deep, String skip) {
    boolean below =
        !deep.equals(skip)
            && nodes.ancestors(deep).contains(skip)
            && nodes.ancestors(skip).contains(sample);
    if (!below) {
      return Optional.empty();
    }
    // Both have the same sides, so those of the skip connection are those of the feature.
    return shapes
        .channels(deep)
        .flatMap(
            channels ->
                shapes
                    .strides(skip)
                    .map(strides -> new SkipCut(deep, new SkipFeature(channels, strides))));
  }
}
