package io.darkroom.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxJavaType;
import java.util.List;

/**
 * An input or output of a network as its file declares it.
 *
 * @param name as the graph has it
 * @param type of the elements
 * @param dimensions sizes, {@link #ANY} where the file leaves them open; empty for a scalar
 */
record TensorInfo(String name, OnnxJavaType type, List<Long> dimensions) {

  /** A dimension that the file leaves open. */
  static final long ANY = -1;

  TensorInfo {
    dimensions = List.copyOf(dimensions);
  }

  static TensorInfo of(ValueInfoProto info) {
    TypeProto.Tensor tensor = info.getType().getTensorType();
    return new TensorInfo(
        info.getName(),
        type(tensor.getElemType()),
        tensor.getShape().getDimList().stream().map(TensorInfo::size).toList());
  }

  int rank() {
    return dimensions.size();
  }

  /** Size of a dimension, {@link #ANY} where it is open or there is no such dimension. */
  long size(int dimension) {
    return dimension < dimensions.size() ? dimensions.get(dimension) : ANY;
  }

  /** Whether arrays of float can go through: as they are, or as halves. */
  boolean real() {
    return type == OnnxJavaType.FLOAT || type == OnnxJavaType.FLOAT16;
  }

  boolean floating() {
    return type == OnnxJavaType.FLOAT
        || type == OnnxJavaType.DOUBLE
        || type == OnnxJavaType.FLOAT16
        || type == OnnxJavaType.BFLOAT16;
  }

  @Override
  public String toString() {
    return name + " " + type + dimensions;
  }

  private static long size(Dimension dimension) {
    return dimension.hasDimValue() ? dimension.getDimValue() : ANY;
  }

  private static OnnxJavaType type(int elementType) {
    DataType type = DataType.forNumber(elementType);
    return switch (type == null ? DataType.UNDEFINED : type) {
      case FLOAT -> OnnxJavaType.FLOAT;
      case DOUBLE -> OnnxJavaType.DOUBLE;
      case FLOAT16 -> OnnxJavaType.FLOAT16;
      case BFLOAT16 -> OnnxJavaType.BFLOAT16;
      case INT64 -> OnnxJavaType.INT64;
      case INT32 -> OnnxJavaType.INT32;
      default -> OnnxJavaType.UNKNOWN;
    };
  }
}
