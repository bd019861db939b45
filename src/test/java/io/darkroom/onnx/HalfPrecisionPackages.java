package io.darkroom.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Packages whose networks have float16 inputs and outputs: the same networks, with a cast at each
 * input and output.
 */
public final class HalfPrecisionPackages {
  private static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();
  private static final int HALF = TensorProto.DataType.FLOAT16.getNumber();
  private static final Path COPIES = Path.of("target", "half-packages");

  private HalfPrecisionPackages() {}

  /** Returns a copy of the package with such inputs and outputs. */
  static Path copy(Path folder) {
    return copy(folder, COPIES.resolve(folder.getFileName()));
  }

  /** Writes a copy of the package with such inputs and outputs. */
  public static Path copy(Path folder, Path copy) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = copy.resolve(folder.relativize(file));
        Files.createDirectories(to.getParent());
        if (file.toString().endsWith(".onnx")) {
          Files.write(to, halved(ModelProto.parseFrom(Files.readAllBytes(file))).toByteArray());
        } else {
          Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return copy;
  }

  private static ModelProto halved(ModelProto model) {
    GraphProto.Builder graph = model.getGraph().toBuilder().clearNode().clearValueInfo();
    List<String> inputs = halve(graph.getInputBuilderList());
    List<String> outputs = halve(graph.getOutputBuilderList());
    inputs.forEach(input -> graph.addNode(cast(input, inner(input), FLOAT)));
    for (NodeProto node : model.getGraph().getNodeList()) {
      NodeProto.Builder own = node.toBuilder();
      for (int i = 0; i < own.getInputCount(); i++) {
        if (inputs.contains(own.getInput(i)) || outputs.contains(own.getInput(i))) {
          own.setInput(i, inner(own.getInput(i)));
        }
      }
      for (int i = 0; i < own.getOutputCount(); i++) {
        if (outputs.contains(own.getOutput(i))) {
          own.setOutput(i, inner(own.getOutput(i)));
        }
      }
      graph.addNode(own);
    }
    outputs.forEach(output -> graph.addNode(cast(inner(output), output, HALF)));
    return model.toBuilder().setGraph(graph).build();
  }

  private static List<String> halve(List<ValueInfoProto.Builder> signature) {
    return signature.stream()
        .filter(info -> info.getType().getTensorType().getElemType() == FLOAT)
        .peek(info -> info.getTypeBuilder().getTensorTypeBuilder().setElemType(HALF))
        .map(ValueInfoProto.Builder::getName)
        .toList();
  }

  private static String inner(String name) {
    return name + "_as_float";
  }

  private static NodeProto cast(String from, String to, int type) {
    return NodeProto.newBuilder()
        .setOpType("Cast")
        .addInput(from)
        .addOutput(to)
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("to")
                .setType(AttributeProto.AttributeType.INT)
                .setI(type))
        .build();
  }
}
