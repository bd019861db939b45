package io.darkroom.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Models of samples of any shape; their networks have four nodes. */
public final class FilmPackage {
  private static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();

  private FilmPackage() {}

  /** Writes a model of films of 4 frames with 8 x 8 pixels, 5 a second; returns its folder. */
  public static Path write(Path folder) throws IOException {
    return write(
        folder,
        """
        {"sample_size": 8, "num_frames": 4, "frame_rate": 5, "size_multiple": 2}
        """,
        "3",
        "frames",
        "height",
        "width");
  }

  /**
   * Writes a model and returns its folder.
   *
   * @param config configuration of its network
   * @param shape dimensions of its samples: sizes, or names of open dimensions
   */
  public static Path write(Path folder, String config, String... shape) throws IOException {
    return write(folder, config, graph(shape).build());
  }

  /** Writes a model whose network has a further input, of one number per element of a side. */
  static Path withInput(Path folder, String config, String... shape) throws IOException {
    GraphProto graph = graph(shape).addInput(TinyPackage.value("gain", FLOAT, "N", "size")).build();
    return write(folder, config, graph);
  }

  private static Path write(Path folder, String config, GraphProto graph) throws IOException {
    TinyPackage.write(folder, graph);
    Files.writeString(folder.resolve("unet/config.json"), config);
    return folder;
  }

  /**
   * Returns a network that cuts the last side into blocks, so it must be a multiple of a number.
   */
  static GraphProto inBlocksOf(int size, String... shape) {
    long[] blocks = new long[shape.length + 2];
    blocks[shape.length] = -1;
    blocks[shape.length + 1] = size;
    return weighted(shape)
        .addInitializer(TinyPackage.numbers("in_blocks", blocks))
        .addNode(TinyPackage.node("Reshape", "blocks", "weighted", "in_blocks"))
        .addNode(TinyPackage.node("Shape", "shape", "sample"))
        .addNode(TinyPackage.node("Reshape", "joined", "blocks", "shape"))
        .addNode(TinyPackage.node("Tanh", "out_sample", "joined"))
        .build();
  }

  private static GraphProto.Builder graph(String... shape) {
    return weighted(shape).addNode(TinyPackage.node("Tanh", "out_sample", "weighted"));
  }

  private static GraphProto.Builder weighted(String... shape) {
    String[] rows = new String[shape.length + 1];
    rows[0] = "N";
    System.arraycopy(shape, 0, rows, 1, shape.length);
    long[] column = new long[rows.length];
    Arrays.fill(column, 1);
    column[0] = -1;
    return GraphProto.newBuilder()
        .setName("film")
        .addInput(TinyPackage.value("sample", FLOAT, rows))
        .addInput(TinyPackage.value("timestep", FLOAT, "N"))
        .addInitializer(TinyPackage.numbers("column", column))
        .addNode(TinyPackage.node("Reshape", "t", "timestep", "column"))
        .addNode(TinyPackage.node("Sigmoid", "weight", "t"))
        .addNode(TinyPackage.node("Mul", "weighted", "sample", "weight"))
        .addOutput(TinyPackage.value("out_sample", FLOAT, rows));
  }
}
