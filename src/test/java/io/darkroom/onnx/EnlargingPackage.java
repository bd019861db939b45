package io.darkroom.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Models that enlarge pictures of any number of channels: their network predicts the bilinear
 * enlargement, with a millionth of the noise.
 */
public final class EnlargingPackage {
  private static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();

  private EnlargingPackage() {}

  /**
   * Writes a model that doubles the sides, and returns its folder.
   *
   * @param config further keys of the network's configuration, each followed by a comma
   */
  public static Path write(Path folder, int channels, String config) throws IOException {
    TinyPackage.write(folder, graph(channels));
    Files.writeString(
        folder.resolve("unet/config.json"),
        "{%s \"sample_size\": 16, \"scale\": 2, \"tile_size\": 8}".formatted(config));
    Files.writeString(
        folder.resolve("scheduler/scheduler_config.json"),
        """
        {"_class_name": "DDIMScheduler", "prediction_type": "sample", "clip_sample": false}
        """);
    return folder;
  }

  private static GraphProto graph(int channels) {
    String own = Integer.toString(channels);
    return GraphProto.newBuilder()
        .setName("enlarging")
        .addInput(
            TinyPackage.value(
                "sample", FLOAT, "N", Integer.toString(2 * channels), "height", "width"))
        .addInput(TinyPackage.value("timestep", FLOAT, "N"))
        .addInitializer(TinyPackage.numbers("column", -1, 1, 1, 1))
        .addInitializer(TinyPackage.numbers("halves", channels, channels))
        .addInitializer(TinyPackage.number("little", 1e-6f))
        .addNode(
            NodeProto.newBuilder()
                .setOpType("Split")
                .addAllInput(List.of("sample", "halves"))
                .addAllOutput(List.of("noise", "picture"))
                .addAttribute(
                    AttributeProto.newBuilder()
                        .setName("axis")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(1)))
        .addNode(TinyPackage.node("Reshape", "t", "timestep", "column"))
        .addNode(TinyPackage.node("Sigmoid", "weight", "t"))
        .addNode(TinyPackage.node("Mul", "small", "weight", "little"))
        .addNode(TinyPackage.node("Mul", "rest", "noise", "small"))
        .addNode(TinyPackage.node("Add", "out_sample", "picture", "rest"))
        .addOutput(TinyPackage.value("out_sample", FLOAT, "N", own, "height", "width"))
        .build();
  }
}
