package io.darkroom.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.darkroom.model.NetworkNames;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The hidden states of a CLIP text encoder's earlier layers after its final layer norm, as the
 * {@code clip_skip} of diffusers' Stable Diffusion pipelines reads them. Exported encoders give
 * only the state of the last layer, {@code last_hidden_state}. The edited graph also has {@code
 * last_hidden_state.N}, of N layers before: the nodes between the last layer and {@code
 * last_hidden_state}, which are the norm, are copied for each of these layers. No existing node
 * changes.
 *
 * <p>The states of layers are the outputs {@code hidden_states.N}, if the graph has all of them,
 * else the residual sums: each is the sum of the one before and of nodes that depend on it, and a
 * layer of a transformer has two.
 */
final class EarlierStates {
  private static final String OUTPUT = NetworkNames.LAST_HIDDEN_STATE;
  private static final String OWN = "darkroom/";
  private static final String NORM = "LayerNormalization";
  private static final String MEAN = "ReduceMean";
  private static final Set<String> UNCHANGED = Set.of("Identity", "Cast");
  private static final int SUMS_PER_LAYER = 2;

  /** Most layers that a request can skip. */
  private static final int MOST_LAYERS = 64;

  private final GraphProto graph;
  private final GraphNodes nodes;

  private EarlierStates(GraphProto graph) {
    this.graph = graph;
    this.nodes = new GraphNodes(graph);
  }

  /**
   * Returns the graph with the additional outputs; empty if its layers or its norm are not
   * recognised.
   *
   * @param layers number of the encoder's layers
   */
  static Optional<GraphProto> added(GraphProto graph, int layers) {
    EarlierStates edit = new EarlierStates(graph);
    List<String> states = layers > MOST_LAYERS ? List.of() : edit.states(layers);
    if (states.isEmpty()) {
      return Optional.empty();
    }
    List<NodeProto> norm = edit.norm(states.get(0));
    boolean averages = norm.stream().anyMatch(EarlierStates::averages);
    return averages ? Optional.of(edit.with(norm, states)) : Optional.empty();
  }

  private static boolean averages(NodeProto node) {
    return node.getOpType().equals(NORM) || node.getOpType().equals(MEAN);
  }

  /**
   * Returns the states of all layers from the last one down, then that of the embeddings; empty if
   * they are not recognised.
   */
  private List<String> states(int layers) {
    Optional<ValueInfoProto> output = declared(OUTPUT);
    if (output.isEmpty()) {
      return List.of();
    }
    List<String> named = new ArrayList<>();
    for (int layer = layers; layer >= 0; layer--) {
      declared(NetworkNames.STATES + layer).ifPresent(each -> named.add(source(each.getName())));
    }
    return named.size() == layers + 1 ? named : ofLayers(sums(layers), layers);
  }

  private Optional<ValueInfoProto> declared(String output) {
    return graph.getOutputList().stream().filter(each -> each.getName().equals(output)).findFirst();
  }

  private static List<String> ofLayers(List<String> sums, int layers) {
    List<String> states = new ArrayList<>();
    for (int i = 0; i < sums.size(); i += SUMS_PER_LAYER) {
      states.add(sums.get(i));
    }
    return sums.size() == SUMS_PER_LAYER * layers + 1 ? states : List.of();
  }

  /** Returns the input of the nearest layer norm before the output; empty if there is none. */
  private Optional<String> normed() {
    Set<String> seen = new HashSet<>();
    Deque<String> next = new ArrayDeque<>(List.of(OUTPUT));
    while (!next.isEmpty()) {
      String value = next.remove();
      Optional<NodeProto> node = nodes.producer(value).filter(each -> seen.add(value));
      if (node.isPresent() && beginsNorm(node.get())) {
        return Optional.of(source(node.get().getInput(0)));
      }
      node.ifPresent(each -> next.addAll(each.getInputList()));
    }
    return Optional.empty();
  }

  private boolean beginsNorm(NodeProto node) {
    return node.getOpType().equals(NORM) ? node.getInputCount() > 0 : subtractsMean(node);
  }

  /** Returns whether a node begins a layer norm that is written as several operators. */
  private boolean subtractsMean(NodeProto node) {
    if (!node.getOpType().equals("Sub") || node.getInputCount() != 2) {
      return false;
    }
    return nodes
        .producer(node.getInput(1), MEAN)
        .filter(mean -> mean.getInputCount() > 0)
        .filter(mean -> mean.getInput(0).equals(node.getInput(0)))
        .isPresent();
  }

  /**
   * Returns the residual sums from the last one down, then the value to which the first adds; not
   * all of them if there are more than the layers have.
   */
  private List<String> sums(int layers) {
    List<String> sums = new ArrayList<>();
    Optional<String> sum = normed();
    while (sum.isPresent() && sums.size() <= SUMS_PER_LAYER * layers + 1) {
      sums.add(sum.get());
      sum = residual(sum.get());
    }
    return sums;
  }

  /** Returns the one of a sum's two inputs on which the other one depends. */
  private Optional<String> residual(String sum) {
    Optional<NodeProto> node = nodes.producer(sum, "Add").filter(each -> each.getInputCount() == 2);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    String first = source(node.get().getInput(0));
    String second = source(node.get().getInput(1));
    if (nodes.ancestors(second).contains(first)) {
      return Optional.of(first);
    }
    return nodes.ancestors(first).contains(second) ? Optional.of(second) : Optional.empty();
  }

  /** Returns the value of which a value is a copy. */
  private String source(String value) {
    return nodes.before(UNCHANGED, value);
  }

  /** Returns the nodes that compute the output from the last layer's state, in their order. */
  private List<NodeProto> norm(String state) {
    Set<String> ofOutput = nodes.ancestors(OUTPUT);
    Set<String> dependent = new HashSet<>(Set.of(state));
    List<NodeProto> norm = new ArrayList<>();
    for (NodeProto node : graph.getNodeList()) {
      if (any(node.getInputList(), dependent) && any(node.getOutputList(), ofOutput)) {
        dependent.addAll(node.getOutputList());
        norm.add(node);
      }
    }
    return norm;
  }

  private static boolean any(Collection<String> values, Set<String> set) {
    return values.stream().anyMatch(set::contains);
  }

  private GraphProto with(List<NodeProto> norm, List<String> states) {
    GraphProto.Builder edited = graph.toBuilder();
    ValueInfoProto output = declared(OUTPUT).orElseThrow();
    for (int skip = 1; skip < states.size(); skip++) {
      String suffix = "." + skip;
      Map<String, String> names = new HashMap<>(Map.of(states.get(0), states.get(skip)));
      norm.forEach(
          node -> node.getOutputList().forEach(each -> names.put(each, OWN + each + suffix)));
      names.put(OUTPUT, OUTPUT + suffix);
      norm.forEach(node -> edited.addNode(renamed(node, names, suffix)));
      edited.addOutput(output.toBuilder().setName(OUTPUT + suffix));
    }
    return edited.build();
  }

  private static NodeProto renamed(NodeProto node, Map<String, String> names, String suffix) {
    NodeProto.Builder copy = node.toBuilder().setName(OWN + node.getName() + suffix);
    for (int i = 0; i < copy.getInputCount(); i++) {
      copy.setInput(i, names.getOrDefault(copy.getInput(i), copy.getInput(i)));
    }
    for (int i = 0; i < copy.getOutputCount(); i++) {
      copy.setOutput(i, names.getOrDefault(copy.getOutput(i), copy.getOutput(i)));
    }
    return copy.build();
  }
}
