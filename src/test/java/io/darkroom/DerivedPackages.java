package io.darkroom;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Packages of layouts that have no golden, derived from those of the goldens. Parts are left out,
 * or the network gets other inputs in front of its own.
 */
public final class DerivedPackages {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String INDEX = "model_index.json";
  private static final String STATES = "encoder_hidden_states";
  private static final String IDS = "time_ids";
  private static final String OWN = "_of_base";

  private DerivedPackages() {}

  /** Writes a copy of a package. */
  public static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.write(copy, Files.readAllBytes(file));
      }
    }
    return to;
  }

  /** Writes SDXL with the encoder of pictures of another package. */
  public static Path sdxlWithEncoder(Path to) throws IOException {
    copy(GoldenPackages.folder("sdxl-mini"), to);
    copy(GoldenPackages.folder("sd-mini").resolve("vae_encoder"), to.resolve("vae_encoder"));
    return to;
  }

  /**
   * Writes a package like SDXL's refiner: the second text encoder alone, and five ids. The network
   * is that of SDXL: it reads the states of the encoder twice, and the first id twice.
   */
  public static Path refiner(Path to) throws IOException {
    copy(GoldenPackages.folder("sdxl-mini"), to);
    without(to, "text_encoder", "tokenizer");
    edit(to.resolve(INDEX), index -> index.put("requires_aesthetics_score", true));
    editGraph(to.resolve("unet/model.onnx"), DerivedPackages::withInputsOfRefiner);
    return to;
  }

  /** Writes Stable Diffusion 3 without T5. */
  public static Path sd3WithoutT5(Path to) throws IOException {
    copy(GoldenPackages.folder("sd3-mini"), to);
    return without(to, "text_encoder_3", "tokenizer_3");
  }

  /** Writes FLUX without the input for guidance, as of step-distilled networks. */
  public static Path fluxWithoutGuidance(Path to) throws IOException {
    copy(GoldenPackages.folder("flux-mini"), to);
    edit(to.resolve("transformer/config.json"), config -> config.put("guidance_embeds", false));
    editGraph(to.resolve("transformer/model.onnx"), graph -> withConstant(graph, "guidance", 3.5f));
    return to;
  }

  private static Path without(Path to, String... components) throws IOException {
    for (String component : components) {
      edit(to.resolve(INDEX), index -> index.putArray(component).addNull().addNull());
      try (Stream<Path> files = Files.walk(to.resolve(component))) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    return to;
  }

  /** Changes a JSON object of a package. */
  public static void edit(Path file, Consumer<ObjectNode> change) throws IOException {
    ObjectNode object = (ObjectNode) JSON.readTree(file.toFile());
    change.accept(object);
    Files.writeString(file, object.toPrettyString());
  }

  private static void editGraph(Path file, UnaryOperator<GraphProto> change) throws IOException {
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
    Files.write(
        file, model.toBuilder().setGraph(change.apply(model.getGraph())).build().toByteArray());
  }

  private static GraphProto withConstant(GraphProto graph, String input, float value) {
    GraphProto.Builder changed = graph.toBuilder().clearInput();
    graph.getInputList().stream()
        .filter(each -> !each.getName().equals(input))
        .forEach(changed::addInput);
    return changed
        .addInitializer(
            TensorProto.newBuilder()
                .setName(input)
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .addDims(1)
                .addFloatData(value))
        .build();
  }

  private static GraphProto withInputsOfRefiner(GraphProto graph) {
    GraphProto.Builder changed = graph.toBuilder().clearNode().clearValueInfo();
    for (ValueInfoProto.Builder input : changed.getInputBuilderList()) {
      if (input.getName().equals(STATES)) {
        setSize(input, 2, size(input, 2) / 2);
      } else if (input.getName().equals(IDS)) {
        setSize(input, 1, 5);
      }
    }
    changed
        .addInitializer(
            TensorProto.newBuilder()
                .setName("first_id")
                .setDataType(TensorProto.DataType.INT64.getNumber())
                .addDims(1)
                .addInt64Data(0))
        .addNode(node("Gather", "first", 1, IDS, "first_id"))
        .addNode(node("Concat", IDS + OWN, 1, IDS, "first"))
        .addNode(node("Concat", STATES + OWN, 2, STATES, STATES));
    graph.getNodeList().forEach(each -> changed.addNode(behind(each)));
    return changed.build();
  }

  private static NodeProto behind(NodeProto node) {
    NodeProto.Builder changed = node.toBuilder();
    for (int i = 0; i < changed.getInputCount(); i++) {
      if (changed.getInput(i).equals(STATES) || changed.getInput(i).equals(IDS)) {
        changed.setInput(i, changed.getInput(i) + OWN);
      }
    }
    return changed.build();
  }

  private static NodeProto node(String operator, String output, int axis, String... inputs) {
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator).addOutput(output);
    for (String input : inputs) {
      node.addInput(input);
    }
    return node.addAttribute(
            AttributeProto.newBuilder()
                .setName("axis")
                .setType(AttributeProto.AttributeType.INT)
                .setI(axis))
        .build();
  }

  private static long size(ValueInfoProto.Builder info, int dimension) {
    return info.getType().getTensorType().getShape().getDim(dimension).getDimValue();
  }

  private static void setSize(ValueInfoProto.Builder info, int dimension, long size) {
    info.getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .getDimBuilder(dimension)
        .setDimValue(size);
  }
}
