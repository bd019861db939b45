package io.darkroom;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Variants of {@code sd-mini}: a network with two inputs of adapters for one weight, and networks
 * with the same change in the weight.
 */
public final class LoraPackages {
  private static final Path SD = GoldenPackages.folder("sd-mini");
  private static final Path ADAPTERS = Path.of("src/test/resources/pipelines/loras");
  private static final String NODE =
      "/down_blocks.0/attentions.0/transformer_blocks.0/attn2/to_v/MatMul";
  private static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();
  private static final int WIDTH = 32;
  private static final int RANK = 2;

  private LoraPackages() {}

  /** Writes a package with adapter inputs and some of the adapters. */
  public static Path adaptable(Path folder, String... adapters) throws IOException {
    write(folder, LoraPackages::withInputs);
    Files.createDirectories(folder.resolve("loras"));
    for (String adapter : adapters) {
      String file = adapter + ".onnx_adapter";
      Files.copy(ADAPTERS.resolve(file), folder.resolve("loras").resolve(file));
    }
    return folder;
  }

  /** Writes a package whose weight contains the adapter that make.py computes for a step. */
  static Path merged(Path folder, int step) throws IOException {
    write(folder, graph -> withChange(graph, step));
    return folder;
  }

  private static void write(Path folder, UnaryOperator<GraphProto> change) throws IOException {
    try (Stream<Path> files = Files.walk(SD)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = folder.resolve(SD.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.write(copy, Files.readAllBytes(file));
      }
    }
    Path network = folder.resolve("unet/model.onnx");
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(network));
    ModelProto changed = model.toBuilder().setGraph(change.apply(model.getGraph())).build();
    Files.write(network, changed.toByteArray());
  }

  private static GraphProto withInputs(GraphProto graph) {
    int index = index(graph);
    NodeProto node = graph.getNode(index);
    String output = node.getOutput(0);
    GraphProto.Builder changed = graph.toBuilder().clearNode();
    changed.addAllNode(graph.getNodeList().subList(0, index));
    changed.addNode(node.toBuilder().setOutput(0, "plain"));
    changed.addNode(node("MatMul", "low", node.getInput(0), "to_v.lora_A"));
    changed.addNode(node("MatMul", "change", "low", "to_v.lora_B"));
    changed.addNode(node("Add", output, "plain", "change"));
    changed.addAllNode(graph.getNodeList().subList(index + 1, graph.getNodeCount()));
    addOptional(changed, "to_v.lora_A", WIDTH, 0);
    addOptional(changed, "to_v.lora_B", 0, WIDTH);
    return changed.build();
  }

  /** Adds an input with an initializer of rank 0 as its default. */
  private static void addOptional(GraphProto.Builder graph, String name, int rows, int columns) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int size : List.of(rows, columns)) {
      if (size == 0) {
        shape.addDimBuilder().setDimParam("rank");
      } else {
        shape.addDimBuilder().setDimValue(size);
      }
    }
    TypeProto.Tensor type =
        TypeProto.Tensor.newBuilder().setElemType(FLOAT).setShape(shape).build();
    graph.addInput(
        ValueInfoProto.newBuilder()
            .setName(name)
            .setType(TypeProto.newBuilder().setTensorType(type)));
    graph.addInitializer(
        TensorProto.newBuilder().setName(name).setDataType(FLOAT).addDims(rows).addDims(columns));
  }

  private static GraphProto withChange(GraphProto graph, int step) {
    String weight = graph.getNode(index(graph)).getInput(1);
    GraphProto.Builder changed = graph.toBuilder();
    changed.getInitializerBuilderList().stream()
        .filter(each -> each.getName().equals(weight))
        .forEach(each -> each.setRawData(changed(each.getRawData(), step)));
    return changed.build();
  }

  private static ByteString changed(ByteString weights, int step) {
    ByteBuffer in = weights.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer out = ByteBuffer.allocate(weights.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < WIDTH; i++) {
      for (int j = 0; j < WIDTH; j++) {
        float change = 0;
        for (int k = 0; k < RANK; k++) {
          change += value(i * RANK + k, step) * value(k * WIDTH + j, step + 2);
        }
        out.putFloat(in.getFloat() + change);
      }
    }
    return ByteString.copyFrom(out.flip());
  }

  private static float value(int index, int step) {
    return (index * step % 17 - 8) / 64f;
  }

  private static int index(GraphProto graph) {
    for (int i = 0; i < graph.getNodeCount(); i++) {
      if (graph.getNode(i).getName().equals(NODE)) {
        return i;
      }
    }
    throw new AssertionError(NODE);
  }

  private static NodeProto node(String operator, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .addAllInput(List.of(inputs))
        .addOutput(output)
        .build();
  }
}
