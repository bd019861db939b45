package io.darkroom.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A model of films of 4 frames with 8 x 8 pixels, 5 a second; its network has two nodes. */
public final class FilmPackage {
  private static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();
  private static final String[] SHAPE = {"N", "3", "frames", "height", "width"};

  private FilmPackage() {}

  /** Writes the package and returns its folder. */
  public static Path write(Path folder) throws IOException {
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("film")
            .addInput(TinyPackage.value("sample", FLOAT, SHAPE))
            .addInput(TinyPackage.value("timestep", FLOAT))
            .addNode(TinyPackage.node("Sigmoid", "weight", "timestep"))
            .addNode(TinyPackage.node("Mul", "weighted", "sample", "weight"))
            .addNode(TinyPackage.node("Tanh", "out_sample", "weighted"))
            .addOutput(TinyPackage.value("out_sample", FLOAT, SHAPE))
            .build();
    TinyPackage.write(folder, graph);
    Files.writeString(
        folder.resolve("unet/config.json"),
        """
        {"sample_size": 8, "num_frames": 4, "frame_rate": 5, "size_multiple": 2}
        """);
    return folder;
  }
}
