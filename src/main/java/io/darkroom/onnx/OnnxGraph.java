package io.darkroom.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ElementType;
import io.darkroom.model.TensorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A network's file, parsed but not loaded. Weights stay in the mapped file, so a graph needs little
 * memory regardless of its size.
 */
final class OnnxGraph {
  private final String file;
  private final ModelProto model;
  private final boolean edited;

  private OnnxGraph(String file, ModelProto model, boolean edited) {
    this.file = file;
    this.edited = edited;
    this.model = model;
  }

  /**
   * Reads the file {@code COMPONENT/model.onnx} of a package.
   *
   * @throws BrokenPackage if it is missing or is not an ONNX model
   */
  static OnnxGraph read(Path folder, String file) throws BrokenPackage {
    if (!Files.isRegularFile(folder.resolve(file))) {
      throw MissingFile.of(folder, file);
    }
    try (FileChannel channel = FileChannel.open(folder.resolve(file), StandardOpenOption.READ)) {
      checkSize(file, channel.size());
      ByteBuffer mapped = channel.map(MapMode.READ_ONLY, 0, channel.size());
      CodedInputStream in = UnsafeByteOperations.unsafeWrap(mapped).newCodedInput();
      in.enableAliasing(true);
      OnnxGraph graph = new OnnxGraph(file, ModelProto.parseFrom(in), false);
      if (graph.model.getGraph().getOutputCount() == 0) {
        throw new BrokenPackage(file, "", "must be an ONNX model, has no outputs");
      }
      return graph;
    } catch (IOException e) {
      throw new BrokenPackage(file, "", "must be an ONNX model: " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      // Weights that are not raw bytes are copied to the heap; they are free again here.
      throw new BrokenPackage(file, "", "has no room on the heap to be read", e);
    }
  }

  /** Checks the maximum size of a protobuf message. */
  private static void checkSize(String file, long bytes) throws BrokenPackage {
    if (bytes > Integer.MAX_VALUE) {
      throw new BrokenPackage(
          file,
          "",
          "must be less than 2 GiB, is "
              + bytes
              + " bytes: export it with its weights in a separate file (external data)");
    }
  }

  /** Creates a graph from memory. */
  static OnnxGraph of(ModelProto model) {
    return new OnnxGraph("", model, true);
  }

  /** Loads the network from its file, or from memory if it was edited. */
  Session open(Path folder, NetworkSettings settings) throws BrokenPackage {
    return edited
        ? Session.open(folder, file, this, settings)
        : Session.open(folder, file, settings);
  }

  /** Returns the file; empty if the graph was made in memory. */
  String file() {
    return file;
  }

  /** Returns the inputs, without the weights that old exporters list among them. */
  List<TensorInfo> inputs() {
    Set<String> weights = new HashSet<>();
    for (TensorProto weight : model.getGraph().getInitializerList()) {
      weights.add(weight.getName());
    }
    return model.getGraph().getInputList().stream()
        .filter(input -> !weights.contains(input.getName()))
        .map(OnnxGraph::info)
        .toList();
  }

  /** Returns the outputs. */
  List<TensorInfo> outputs() {
    return model.getGraph().getOutputList().stream().map(OnnxGraph::info).toList();
  }

  Optional<TensorInfo> input(String name) {
    return inputs().stream().filter(info -> info.name().equals(name)).findFirst();
  }

  Optional<TensorInfo> output(String name) {
    return outputs().stream().filter(info -> info.name().equals(name)).findFirst();
  }

  /** Returns further files of its weights, relative to its folder. */
  SortedSet<String> weightFiles() {
    SortedSet<String> files = new TreeSet<>();
    WeightFiles.collect(model, files);
    return files;
  }

  /**
   * Returns a copy with a one-dimensional input of any length instead of a scalar or a single
   * number, so that each row can have its own value. The declaration is changed, and an {@code
   * Unsqueeze} that makes a vector of the scalar (perhaps after a {@code Cast}) is removed. A trial
   * must show whether the rest of the graph supports it.
   */
  OnnxGraph withVector(String input) {
    GraphProto.Builder graph = model.getGraph().toBuilder();
    for (int i = 0; i < graph.getInputCount(); i++) {
      if (graph.getInput(i).getName().equals(input)) {
        boolean scalar = info(graph.getInput(i)).rank() == 0;
        graph.setInput(i, vector(graph.getInput(i)));
        if (scalar) {
          dropUnsqueeze(graph, input);
        }
        // The exporter's shapes of intermediate values after the input are no longer valid.
        graph.clearValueInfo();
      }
    }
    return new OnnxGraph(file, model.toBuilder().setGraph(graph).build(), true);
  }

  /**
   * Returns a copy with a picture as its sample if the network has packed latents; else the network
   * itself.
   */
  OnnxGraph withPictures() {
    return PackedLatents.in(model.getGraph())
        ? new OnnxGraph(
            file,
            model.toBuilder().setGraph(PackedLatents.unpacked(model.getGraph())).build(),
            true)
        : this;
  }

  /**
   * Returns a copy with fused attention; the network itself if there is none to fuse. A trial must
   * show whether it gives the same outputs.
   */
  OnnxGraph withFusedAttention() {
    GraphProto fused = AttentionFusion.fused(model.getGraph());
    if (fused.equals(model.getGraph())) {
      return this;
    }
    ModelProto.Builder edited = model.toBuilder().setGraph(fused.toBuilder().clearValueInfo());
    if (edited.getOpsetImportList().stream()
        .noneMatch(each -> each.getDomain().equals(AttentionFusion.DOMAIN))) {
      edited.addOpsetImportBuilder().setDomain(AttentionFusion.DOMAIN).setVersion(1);
    }
    return new OnnxGraph(file, edited.build(), true);
  }

  /** Returns the number of fused attention operators. */
  long fusedAttention() {
    return AttentionFusion.count(model.getGraph());
  }

  /**
   * Returns a copy of a CLIP text encoder with the outputs of {@link EarlierStates}; empty if its
   * layers are not recognised.
   */
  Optional<OnnxGraph> withEarlierStates(int layers) {
    return EarlierStates.added(model.getGraph(), layers)
        .map(graph -> new OnnxGraph(file, model.toBuilder().setGraph(graph).build(), true));
  }

  /** Returns the places at which a U-Net can be split, from the output inwards. */
  List<SkipCut> skipCuts(TensorInfo sample, TensorInfo output) {
    return SkipCuts.find(model.getGraph(), sample.name(), sample.rank() - 2, output.name());
  }

  /** Returns a copy that also gives an intermediate tensor, as its last output. */
  OnnxGraph withOutput(String tensor) {
    GraphProto.Builder graph = model.getGraph().toBuilder();
    graph.addOutput(ValueInfoProto.newBuilder().setName(tensor));
    return new OnnxGraph(file, model.toBuilder().setGraph(graph).build(), true);
  }

  /**
   * Returns a copy that takes an intermediate tensor as a further input and has only the nodes and
   * weights that the output then needs. Its other inputs stay, even if they are not used.
   *
   * @param type type and number of dimensions of the tensor
   */
  OnnxGraph withInput(TensorInfo type, String output) {
    GraphProto whole = model.getGraph();
    Set<String> needed = new GraphNodes(whole).ancestors(output, type.name());
    GraphProto.Builder graph = whole.toBuilder().clearNode().clearInitializer().clearInput();
    whole.getNodeList().stream()
        .filter(node -> node.getOutputList().stream().anyMatch(needed::contains))
        .filter(node -> !node.getOutputList().contains(type.name()))
        .forEach(graph::addNode);
    Set<String> weights = new HashSet<>();
    for (TensorProto weight : whole.getInitializerList()) {
      weights.add(weight.getName());
      if (needed.contains(weight.getName())) {
        graph.addInitializer(weight);
      }
    }
    whole.getInputList().stream()
        .filter(input -> !weights.contains(input.getName()) || needed.contains(input.getName()))
        .forEach(graph::addInput);
    return new OnnxGraph(
        file, model.toBuilder().setGraph(graph.addInput(declaration(type))).build(), true);
  }

  private static ValueInfoProto declaration(TensorInfo info) {
    ValueInfoProto.Builder input = ValueInfoProto.newBuilder().setName(info.name());
    TypeProto.Tensor.Builder tensor = input.getTypeBuilder().getTensorTypeBuilder();
    tensor.setElemType(DataType.valueOf(info.type().name()).getNumber());
    for (int i = 0; i < info.rank(); i++) {
      tensor.getShapeBuilder().addDimBuilder().setDimParam("feature_" + i);
    }
    return input.build();
  }

  /** Returns the file's bytes in a direct buffer. */
  ByteBuffer serialized() {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(model.getSerializedSize()).order(ByteOrder.nativeOrder());
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      model.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.flip();
  }

  private static ValueInfoProto vector(ValueInfoProto info) {
    ValueInfoProto.Builder vector = info.toBuilder();
    vector.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder().clearDim();
    vector
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .addDimBuilder()
        .setDimParam("rows_of_" + info.getName());
    return vector.build();
  }

  private static void dropUnsqueeze(GraphProto.Builder graph, String input) {
    String value = input;
    for (int i = 0; i < graph.getNodeCount(); i++) {
      NodeProto node = graph.getNode(i);
      if (node.getInputCount() > 0 && node.getInput(0).equals(value)) {
        if (node.getOpType().equals("Cast")) {
          value = node.getOutput(0);
        } else if (node.getOpType().equals("Unsqueeze")) {
          graph.setNode(i, identity(node, value));
          return;
        }
      }
    }
  }

  private static NodeProto identity(NodeProto node, String value) {
    return NodeProto.newBuilder()
        .setName(node.getName())
        .setOpType("Identity")
        .addInput(value)
        .addOutput(node.getOutput(0))
        .build();
  }

  private static TensorInfo info(ValueInfoProto info) {
    TypeProto.Tensor tensor = info.getType().getTensorType();
    return new TensorInfo(
        info.getName(),
        type(tensor.getElemType()),
        tensor.getShape().getDimList().stream().map(OnnxGraph::size).toList());
  }

  private static long size(Dimension dimension) {
    return dimension.hasDimValue() ? dimension.getDimValue() : TensorInfo.ANY;
  }

  private static ElementType type(int elementType) {
    DataType type = DataType.forNumber(elementType);
    return switch (type == null ? DataType.UNDEFINED : type) {
      case FLOAT -> ElementType.FLOAT;
      case DOUBLE -> ElementType.DOUBLE;
      case FLOAT16 -> ElementType.FLOAT16;
      case BFLOAT16 -> ElementType.BFLOAT16;
      case INT64 -> ElementType.INT64;
      case INT32 -> ElementType.INT32;
      default -> ElementType.UNKNOWN;
    };
  }
}
