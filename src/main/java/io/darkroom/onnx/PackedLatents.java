package io.darkroom.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.darkroom.model.NetworkNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Converts a network of packed latents (FLUX) to the form of other networks: the sample is a
 * picture {@code [N, C, h, w]} instead of a token for each square of 2 x 2 cells, ids of tokens are
 * computed in the graph, and timesteps are training timesteps instead of fractions. Nodes are added
 * before and after the graph, which is not changed itself.
 */
final class PackedLatents {
  /** Cells of a token's square; also cells per side times two. */
  static final int CELLS = 4;

  static final int SIDE = 2;

  private static final String OWN = "darkroom/";
  private static final float TRAINED = 1000;

  private final GraphProto.Builder graph;
  private final List<NodeProto> front = new ArrayList<>();
  private final List<NodeProto> behind = new ArrayList<>();

  private PackedLatents(GraphProto graph) {
    this.graph = graph.toBuilder();
  }

  /** Returns whether a graph has packed latents. */
  static boolean in(GraphProto graph) {
    return input(graph, NetworkNames.HIDDEN_STATES).isPresent()
        && input(graph, NetworkNames.IMAGE_IDS).isPresent()
        && input(graph, NetworkNames.TEXT_IDS).isPresent()
        && states(graph).isPresent()
        && graph.getOutputCount() == 1;
  }

  /** Returns the converted graph. */
  static GraphProto unpacked(GraphProto graph) {
    PackedLatents edit = new PackedLatents(graph);
    long channels = size(input(graph, NetworkNames.HIDDEN_STATES).orElseThrow(), 2) / CELLS;
    int element = type(input(graph, NetworkNames.HIDDEN_STATES).orElseThrow());
    edit.sample(channels);
    edit.imageIds(type(input(graph, NetworkNames.IMAGE_IDS).orElseThrow()));
    edit.textIds(
        type(input(graph, NetworkNames.TEXT_IDS).orElseThrow()), states(graph).orElseThrow());
    edit.timestep(type(input(graph, NetworkNames.TIMESTEP).orElseThrow()));
    edit.output();
    return edit.built(
        picture(NetworkNames.SAMPLE, element, channels),
        picture(NetworkNames.OUT_SAMPLE, element, channels));
  }

  private void sample(long channels) {
    constant("order", order(channels));
    constant("tokens_last", 0, channels * CELLS, -1);
    front.add(
        node("SpaceToDepth", OWN + "squares", NetworkNames.SAMPLE).addAttribute(side()).build());
    front.add(
        node("Gather", OWN + "ordered", OWN + "squares", OWN + "order")
            .addAttribute(number("axis", 1))
            .build());
    front.add(node("Reshape", OWN + "columns", OWN + "ordered", OWN + "tokens_last").build());
    front.add(swapped(NetworkNames.HIDDEN_STATES, OWN + "columns"));
    front.add(node("Shape", OWN + "sides", OWN + "squares").build());
  }

  /**
   * Returns the order of values in a token: channels first, then rows of the square, then columns.
   */
  private static long[] order(long channels) {
    long[] order = new long[Math.toIntExact(channels * CELLS)];
    for (int i = 0; i < order.length; i++) {
      order[i] = i % CELLS * channels + i / CELLS;
    }
    return order;
  }

  /** Adds a row for each token: 0, its row, its column. */
  private void imageIds(int element) {
    constant("height_and_width", 2, 3);
    constant("one", 1);
    front.add(
        node("Gather", OWN + "rows_columns", OWN + "sides", OWN + "height_and_width").build());
    front.add(
        node("Concat", OWN + "grid", OWN + "one", OWN + "rows_columns")
            .addAttribute(number("axis", 0))
            .build());
    front.add(filled(OWN + "ones", OWN + "grid", 1));
    front.add(node("NonZero", OWN + "places", OWN + "ones").build());
    front.add(
        node("Transpose", OWN + "ids", OWN + "places").addAttribute(numbers("perm", 1, 0)).build());
    front.add(cast(NetworkNames.IMAGE_IDS, OWN + "ids", element));
  }

  /** Adds zeros for each token of text. */
  private void textIds(int element, String states) {
    constant("axis_of_tokens", 1);
    constant("three", 3);
    front.add(node("Shape", OWN + "states", states).build());
    front.add(node("Gather", OWN + "texts", OWN + "states", OWN + "axis_of_tokens").build());
    front.add(
        node("Concat", OWN + "table", OWN + "texts", OWN + "three")
            .addAttribute(number("axis", 0))
            .build());
    front.add(filled(OWN + "zeros", OWN + "table", 0));
    front.add(cast(NetworkNames.TEXT_IDS, OWN + "zeros", element));
  }

  private void timestep(int element) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(OWN + "trained")
            .setDataType(DataType.FLOAT.getNumber())
            .addFloatData(TRAINED));
    front.add(cast(OWN + "whole", NetworkNames.TIMESTEP, DataType.FLOAT.getNumber()));
    front.add(node("Div", OWN + "share", OWN + "whole", OWN + "trained").build());
    front.add(cast(OWN + NetworkNames.TIMESTEP, OWN + "share", element));
    for (int i = 0; i < graph.getNodeCount(); i++) {
      NodeProto.Builder node = graph.getNodeBuilder(i);
      for (int k = 0; k < node.getInputCount(); k++) {
        if (node.getInput(k).equals(NetworkNames.TIMESTEP)) {
          node.setInput(k, OWN + NetworkNames.TIMESTEP);
        }
      }
    }
  }

  private void output() {
    behind.add(swapped(OWN + "given", graph.getOutput(0).getName()));
    behind.add(node("Reshape", OWN + "given_squares", OWN + "given", OWN + "sides").build());
    AttributeProto channelsFirst =
        AttributeProto.newBuilder()
            .setName("mode")
            .setType(AttributeProto.AttributeType.STRING)
            .setS(ByteString.copyFromUtf8("CRD"))
            .build();
    behind.add(
        node("DepthToSpace", NetworkNames.OUT_SAMPLE, OWN + "given_squares")
            .addAttribute(side())
            .addAttribute(channelsFirst)
            .build());
  }

  private GraphProto built(ValueInfoProto sample, ValueInfoProto output) {
    List<ValueInfoProto> inputs = new ArrayList<>(List.of(sample));
    for (ValueInfoProto input : graph.getInputList()) {
      if (!List.of(NetworkNames.HIDDEN_STATES, NetworkNames.IMAGE_IDS, NetworkNames.TEXT_IDS)
          .contains(input.getName())) {
        inputs.add(input);
      }
    }
    List<NodeProto> nodes = new ArrayList<>(front);
    nodes.addAll(graph.getNodeList());
    nodes.addAll(behind);
    return graph
        .clearInput()
        .addAllInput(inputs)
        .clearNode()
        .addAllNode(nodes)
        .clearOutput()
        .addOutput(output)
        .clearValueInfo()
        .build();
  }

  private void constant(String name, long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(OWN + name)
            .setDataType(DataType.INT64.getNumber())
            .addDims(values.length);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    graph.addInitializer(tensor);
  }

  private static NodeProto.Builder node(String operator, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setName(OWN + operator + "_" + output)
        .setOpType(operator)
        .addAllInput(List.of(inputs))
        .addOutput(output);
  }

  private static NodeProto swapped(String output, String input) {
    return node("Transpose", output, input).addAttribute(numbers("perm", 0, 2, 1)).build();
  }

  private static NodeProto cast(String output, String input, int element) {
    return node("Cast", output, input).addAttribute(number("to", element)).build();
  }

  private static NodeProto filled(String output, String shape, long value) {
    TensorProto tensor =
        TensorProto.newBuilder()
            .setDataType(DataType.INT64.getNumber())
            .addDims(1)
            .addInt64Data(value)
            .build();
    AttributeProto attribute =
        AttributeProto.newBuilder()
            .setName("value")
            .setType(AttributeProto.AttributeType.TENSOR)
            .setT(tensor)
            .build();
    return node("ConstantOfShape", output, shape).addAttribute(attribute).build();
  }

  private static AttributeProto side() {
    return number("blocksize", SIDE);
  }

  private static AttributeProto number(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  private static AttributeProto numbers(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  private static ValueInfoProto picture(String name, int element, long channels) {
    ValueInfoProto.Builder info = ValueInfoProto.newBuilder().setName(name);
    TypeProto.Tensor.Builder tensor = info.getTypeBuilder().getTensorTypeBuilder();
    tensor.setElemType(element);
    tensor.getShapeBuilder().addDimBuilder().setDimParam("rows");
    tensor.getShapeBuilder().addDimBuilder().setDimValue(channels);
    tensor.getShapeBuilder().addDimBuilder().setDimParam("height");
    tensor.getShapeBuilder().addDimBuilder().setDimParam("width");
    return info.build();
  }

  private static Optional<ValueInfoProto> input(GraphProto graph, String name) {
    return graph.getInputList().stream().filter(each -> each.getName().equals(name)).findFirst();
  }

  /** Returns the hidden states of the text: the other input of three dimensions. */
  private static Optional<String> states(GraphProto graph) {
    return graph.getInputList().stream()
        .filter(each -> each.getType().getTensorType().getShape().getDimCount() == 3)
        .map(ValueInfoProto::getName)
        .filter(name -> !name.equals(NetworkNames.HIDDEN_STATES))
        .findFirst();
  }

  private static int type(ValueInfoProto info) {
    return info.getType().getTensorType().getElemType();
  }

  private static long size(ValueInfoProto info, int dimension) {
    return info.getType().getTensorType().getShape().getDim(dimension).getDimValue();
  }
}
