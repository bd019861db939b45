package io.darkroom.onnx;

import static io.darkroom.onnx.TinyPackage.node;
import static io.darkroom.onnx.TinyPackage.number;
import static io.darkroom.onnx.TinyPackage.numbers;
import static io.darkroom.onnx.TinyPackage.value;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A package whose network has many trivial layers on pictures of 8 x 8. The cost of a call is the
 * overhead of its layers and hardly depends on its rows, as for small calls on a GPU.
 */
public final class LayeredPackage {
  private static final int BLOCKS = 1024;
  private static final int CLASSES = 3;
  private static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();
  private static final int INT64 = TensorProto.DataType.INT64.getNumber();

  private LayeredPackage() {}

  /** Writes it into a folder, whose name is the package's. */
  public static Path write(Path folder) throws IOException {
    TinyPackage.write(folder, graph());
    Files.writeString(
        folder.resolve("unet/config.json"),
        """
        {"sample_size": 8, "num_class_embeds": %d, "null_class_label": 0}
        """
            .formatted(CLASSES));
    return folder;
  }

  /** Adds the sample and a number for its class, then runs blocks of scale, shift and bound. */
  private static GraphProto graph() {
    GraphProto.Builder graph =
        TinyPackage.graph(0)
            .addInput(value("class_labels", INT64, "N"))
            .addInitializer(classes())
            .addInitializer(number("scale", 0.9f))
            .addInitializer(number("shift", 0.01f))
            .addInitializer(numbers("column", -1, 1, 1, 1))
            .addNode(node("Gather", "class", "classes", "class_labels"))
            .addNode(node("Reshape", "t", "timestep", "column"))
            .addNode(node("Tanh", "time", "t"))
            .addNode(node("Mul", "label", "class", "time"))
            .addNode(node("Add", "out_0", "sample", "label"));
    for (int block = 0; block < BLOCKS; block++) {
      String last = block == BLOCKS - 1 ? "out_sample" : "out_" + (block + 1);
      graph
          .addNode(node("Mul", "scaled_" + block, "out_" + block, "scale"))
          .addNode(node("Add", "shifted_" + block, "scaled_" + block, "shift"))
          .addNode(node("Relu", last, "shifted_" + block));
    }
    return graph.build();
  }

  private static TensorProto classes() {
    TensorProto.Builder classes = TensorProto.newBuilder().setName("classes").setDataType(FLOAT);
    classes.addDims(CLASSES).addDims(1).addDims(1).addDims(1);
    for (int i = 0; i < CLASSES; i++) {
      classes.addFloatData(0.1f * i);
    }
    return classes.build();
  }
}
