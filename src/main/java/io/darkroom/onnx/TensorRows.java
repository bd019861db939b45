package io.darkroom.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one input or output in a direct buffer, and the tensors over its first 1, 2, ... rows,
 * made when first asked for and kept. Engine thread only.
 */
final class TensorRows implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OnnxJavaType type;
  private final long[] row;
  private final int elements;
  private final ByteBuffer bytes;
  private final FloatBuffer floats;
  private final @Nullable OnnxTensor[] tensors;

  /**
   * @param row shape of one row
   * @param most rows
   */
  TensorRows(OrtEnvironment environment, OnnxJavaType type, long[] row, int most) {
    this.environment = environment;
    this.type = type;
    this.row = row.clone();
    this.elements = Math.toIntExact(Arrays.stream(row).reduce(1, Math::multiplyExact));
    this.bytes =
        ByteBuffer.allocateDirect(Math.multiplyExact(Math.multiplyExact(elements, type.size), most))
            .order(ByteOrder.nativeOrder());
    this.floats = bytes.asFloatBuffer();
    this.tensors = new OnnxTensor[most + 1];
  }

  /** Elements of one row. */
  int elements() {
    return elements;
  }

  /** A view of {@code length} elements of a float row, from {@code offset}. */
  FloatBuffer view(int row, int offset, int length) {
    return floats.slice(row * elements + offset, length);
  }

  void write(int row, int offset, float[] values) {
    floats.put(row * elements + offset, values);
  }

  void read(int row, float[] out) {
    floats.get(row * elements, out, 0, elements);
  }

  /** Writes one number into a row of one element, rounded where the type is an integer. */
  void write(int row, double value) {
    switch (type) {
      case FLOAT -> bytes.putFloat(row * Float.BYTES, (float) value);
      case DOUBLE -> bytes.putDouble(row * Double.BYTES, value);
      case INT64 -> bytes.putLong(row * Long.BYTES, Math.round(value));
      case INT32 -> bytes.putInt(row * Integer.BYTES, Math.toIntExact(Math.round(value)));
      default -> throw new IllegalStateException("no numbers of type " + type);
    }
  }

  /** Writes one element of the first row of an integer type. */
  void writeElement(int element, long value) {
    switch (type) {
      case INT64 -> bytes.putLong(element * Long.BYTES, value);
      case INT32 -> bytes.putInt(element * Integer.BYTES, Math.toIntExact(value));
      default -> throw new IllegalStateException("no integers of type " + type);
    }
  }

  /** Copies a row of rows of the same shape. */
  void copy(TensorRows source, int from, int to) {
    int size = elements * type.size;
    bytes.put(to * size, source.bytes, from * size, size);
  }

  /** The tensor over the first rows, {@code [rows, ...]}. */
  OnnxTensor tensor(int rows) {
    OnnxTensor tensor = tensors[rows];
    if (tensor == null) {
      long[] shape = new long[row.length + 1];
      shape[0] = rows;
      System.arraycopy(row, 0, shape, 1, row.length);
      tensor = tensor(rows, shape);
      tensors[rows] = tensor;
    }
    return tensor;
  }

  /** The tensor over the first row's one element, as a scalar or as a vector of length one. */
  OnnxTensor single(int rank) {
    OnnxTensor tensor = tensors[0];
    if (tensor == null) {
      tensor = tensor(1, rank == 0 ? new long[0] : new long[] {1});
      tensors[0] = tensor;
    }
    return tensor;
  }

  /** Lets the tensors go; they are made anew when asked for. */
  @Override
  public void close() {
    for (int i = 0; i < tensors.length; i++) {
      OnnxTensor tensor = tensors[i];
      if (tensor != null) {
        tensor.close();
        tensors[i] = null;
      }
    }
  }

  private OnnxTensor tensor(int rows, long[] shape) {
    ByteBuffer part = bytes.duplicate().order(ByteOrder.nativeOrder());
    part.limit(rows * elements * type.size);
    try {
      return OnnxTensor.createTensor(environment, part, shape, type);
    } catch (OrtException e) {
      throw RunFailures.of(e);
    }
  }
}
