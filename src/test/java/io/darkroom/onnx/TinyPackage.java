package io.darkroom.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Packages of a handful of nodes, made on the spot. */
final class TinyPackage {
  private static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();
  private static final int BOOL = TensorProto.DataType.BOOL.getNumber();
  private static final int INT64 = TensorProto.DataType.INT64.getNumber();

  private TinyPackage() {}

  /** The sample times the timestep, a scalar that broadcasts over everything. */
  static GraphProto scaledByScalarTimestep() {
    return graph(-1).addNode(node("Mul", "out_sample", "sample", "timestep")).build();
  }

  /** The sample times its mean over the dimensions given, times each row's timestep. */
  static GraphProto timesItsMeanOver(long... axes) {
    return graph(0)
        .addInitializer(numbers("column", -1, 1, 1, 1))
        .addNode(mean(axes))
        .addNode(node("Mul", "weighted", "sample", "mean"))
        .addNode(node("Reshape", "t", "timestep", "column"))
        .addNode(node("Mul", "out_sample", "weighted", "t"))
        .build();
  }

  /** The same, but never large, whatever the sample and the timestep. */
  static GraphProto boundedByItsMeanOver(long... axes) {
    return graph(0)
        .addInitializer(numbers("column", -1, 1, 1, 1))
        .addNode(mean(axes))
        .addNode(node("Mul", "weighted", "sample", "mean"))
        .addNode(node("Tanh", "bounded", "weighted"))
        .addNode(node("Reshape", "t", "timestep", "column"))
        .addNode(node("Sigmoid", "weight", "t"))
        .addNode(node("Mul", "out_sample", "bounded", "weight"))
        .build();
  }

  /** The sample times each row's timestep, plus a picture of zeros that other sides do not fit. */
  static GraphProto plusAPictureOf(int side) {
    TensorProto.Builder picture =
        TensorProto.newBuilder()
            .setName("picture")
            .setDataType(FLOAT)
            .addDims(1)
            .addDims(3)
            .addDims(side)
            .addDims(side);
    for (int i = 0; i < 3 * side * side; i++) {
      picture.addFloatData(0);
    }
    return graph(0)
        .addInitializer(numbers("column", -1, 1, 1, 1))
        .addInitializer(picture)
        .addNode(node("Reshape", "t", "timestep", "column"))
        .addNode(node("Mul", "weighted", "sample", "t"))
        .addNode(shapeWithoutRows())
        .addNode(node("Reshape", "fitted", "picture", "sides"))
        .addNode(node("Add", "out_sample", "weighted", "fitted"))
        .build();
  }

  /** The sample plus a number by each row's timestep, which must be below a bound. */
  static GraphProto refusingTimestepsFrom(int bound) {
    return plusANumberOf(bound, bound);
  }

  /** The sample plus a number by each row's timestep, which is none from a bound on. */
  static GraphProto notANumberFrom(int bound) {
    return plusANumberOf(bound, 1000);
  }

  private static GraphProto plusANumberOf(int finite, int numbers) {
    TensorProto.Builder table =
        TensorProto.newBuilder().setName("table").setDataType(FLOAT).addDims(numbers);
    for (int i = 0; i < numbers; i++) {
      table.addFloatData(i < finite ? i / 1000f : Float.NaN);
    }
    return graph(0)
        .addInitializer(numbers("column", -1, 1, 1, 1))
        .addInitializer(table)
        .addNode(
            node("Cast", "index", "timestep").toBuilder()
                .addAttribute(
                    AttributeProto.newBuilder()
                        .setName("to")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(INT64)))
        .addNode(node("Gather", "number", "table", "index"))
        .addNode(node("Reshape", "t", "number", "column"))
        .addNode(node("Add", "out_sample", "sample", "t"))
        .build();
  }

  /** The sample, a little larger with every row of the call, times each row's timestep. */
  static GraphProto enlargedByItsRowCount() {
    return graph(0)
        .addInitializer(numbers("column", -1, 1, 1, 1))
        .addInitializer(numbers("first", 0))
        .addInitializer(number("step", 1e-6f))
        .addNode(node("Shape", "shape", "sample"))
        .addNode(node("Gather", "rows", "shape", "first"))
        .addNode(asFloat("count", "rows"))
        .addNode(node("Mul", "little", "count", "step"))
        .addNode(node("Add", "weighted", "sample", "little"))
        .addNode(node("Reshape", "t", "timestep", "column"))
        .addNode(node("Mul", "out_sample", "weighted", "t"))
        .build();
  }

  /**
   * The sample times the timestep, a scalar for all rows, and a little larger with every row of the
   * call where the timestep is beyond a bound.
   *
   * @param sign 1 for timesteps above the bound, -1 for those below
   */
  static GraphProto enlargedByItsRowCountBeyond(float bound, int sign) {
    return graph(-1)
        .addInitializer(numbers("first", 0))
        .addInitializer(number("step", 1e-6f * sign))
        .addInitializer(number("bound", bound))
        .addInitializer(number("sign", sign))
        .addNode(node("Shape", "shape", "sample"))
        .addNode(node("Gather", "rows", "shape", "first"))
        .addNode(asFloat("count", "rows"))
        .addNode(node("Sub", "above", "timestep", "bound"))
        .addNode(node("Mul", "signed", "above", "sign"))
        .addNode(node("Relu", "beyond", "signed"))
        .addNode(node("Mul", "much", "beyond", "count"))
        .addNode(node("Mul", "little", "much", "step"))
        .addNode(node("Mul", "weighted", "sample", "timestep"))
        .addNode(node("Add", "out_sample", "weighted", "little"))
        .build();
  }

  static TensorProto number(String name, float number) {
    return TensorProto.newBuilder().setName(name).setDataType(FLOAT).addFloatData(number).build();
  }

  private static NodeProto asFloat(String output, String input) {
    return node("Cast", output, input).toBuilder()
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("to")
                .setType(AttributeProto.AttributeType.INT)
                .setI(FLOAT))
        .build();
  }

  static TensorProto numbers(String name, long... numbers) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(INT64)
        .addDims(numbers.length)
        .addAllInt64Data(Arrays.stream(numbers).boxed().toList())
        .build();
  }

  /** As a package of 8 bits: one scale for all rows of a call, from the largest number in it. */
  static GraphProto roundedToWhatItsRowsNeed() {
    return graph(0)
        .addInitializer(numbers("column", -1, 1, 1, 1))
        .addNode(
            NodeProto.newBuilder()
                .setOpType("DynamicQuantizeLinear")
                .addInput("sample")
                .addAllOutput(List.of("bytes", "scale", "zero")))
        .addNode(node("DequantizeLinear", "rounded", "bytes", "scale", "zero"))
        .addNode(node("Reshape", "t", "timestep", "column"))
        .addNode(node("Sigmoid", "weight", "t"))
        .addNode(node("Mul", "out_sample", "rounded", "weight"))
        .build();
  }

  /** The sample times the timestep, times a number that a loop without end adds to. */
  static GraphProto loopingWithoutEnd() {
    GraphProto body =
        GraphProto.newBuilder()
            .setName("body")
            .addInput(value("turn", INT64))
            .addInput(value("go", BOOL))
            .addInput(value("sum", FLOAT))
            .addNode(node("Identity", "go_on", "go"))
            .addNode(node("Add", "more", "sum", "one"))
            .addOutput(value("go_on", BOOL))
            .addOutput(value("more", FLOAT))
            .build();
    return graph(-1)
        .addInitializer(number("one", 1))
        .addInitializer(
            TensorProto.newBuilder().setName("yes").setDataType(BOOL).addInt32Data(1).build())
        .addNode(
            node("Loop", "end", "", "yes", "timestep").toBuilder()
                .addAttribute(
                    AttributeProto.newBuilder()
                        .setName("body")
                        .setType(AttributeProto.AttributeType.GRAPH)
                        .setG(body)))
        .addNode(node("Mul", "out_sample", "sample", "end"))
        .build();
  }

  /** A further input that nobody fills. */
  static GraphProto withUnknownInput() {
    return scaledByScalarTimestep().toBuilder()
        .addInput(value("depth_ids", FLOAT, "N", "6"))
        .build();
  }

  static void write(Path folder, GraphProto graph) throws IOException {
    Files.createDirectories(folder.resolve("unet"));
    Files.createDirectories(folder.resolve("scheduler"));
    Files.writeString(folder.resolve("model_index.json"), "{}");
    Files.writeString(
        folder.resolve("scheduler/scheduler_config.json"), "{\"_class_name\": \"DDIMScheduler\"}");
    Files.writeString(folder.resolve("unet/config.json"), "{\"sample_size\": 8}");
    Files.write(folder.resolve("unet/model.onnx"), model(graph).toByteArray());
  }

  static ModelProto model(GraphProto graph) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(graph)
        .build();
  }

  /**
   * @param timestep its declared length: 0 for any, below 0 for a scalar
   */
  static GraphProto.Builder graph(int timestep) {
    ValueInfoProto input =
        timestep < 0
            ? value("timestep", FLOAT)
            : value("timestep", FLOAT, timestep == 0 ? "N" : Integer.toString(timestep));
    return GraphProto.newBuilder()
        .setName("tiny")
        .addInput(value("sample", FLOAT, "N", "3", "height", "width"))
        .addInput(input)
        .addOutput(value("out_sample", FLOAT, "N", "3", "height", "width"));
  }

  /** The shape {@code [N, 1, 1, 1]}. */
  static ValueInfoProto value(String name, int type, String... dimensions) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (String dimension : dimensions) {
      if (Character.isDigit(dimension.charAt(0))) {
        shape.addDimBuilder().setDimValue(Long.parseLong(dimension));
      } else {
        shape.addDimBuilder().setDimParam(dimension);
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
        .build();
  }

  static NodeProto node(String operator, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .addAllInput(List.of(inputs))
        .addOutput(output)
        .build();
  }

  private static NodeProto shapeWithoutRows() {
    return node("Shape", "sides", "sample").toBuilder()
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("start")
                .setType(AttributeProto.AttributeType.INT)
                .setI(1))
        .build();
  }

  private static NodeProto mean(long... axes) {
    return node("ReduceMean", "mean", "sample").toBuilder()
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("axes")
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(Arrays.stream(axes).boxed().toList()))
        .build();
  }
}
