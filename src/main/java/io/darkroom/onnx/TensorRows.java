package io.darkroom.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.platform.Fp16Conversions;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.DeviceFailure.Kind;
import io.darkroom.model.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one input or output in a direct buffer, and the tensors over its first 1, 2, ... rows,
 * made when first asked for and kept. Numbers are float on this side whatever the network's type:
 * where that is float16, they are rounded on their way in (to nearest, ties to even) and widened on
 * their way out. Engine thread only.
 */
final class TensorRows implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OnnxJavaType type;
  private final long[] row;
  private final int elements;
  private final ByteBuffer bytes;
  private final FloatBuffer floats;
  private final boolean halves;
  private final @Nullable OnnxTensor[] tensors;

  /**
   * @param row shape of one row
   * @param most rows
   * @throws DeviceFailure where there is no memory for them
   */
  TensorRows(OrtEnvironment environment, ElementType elementType, long[] row, int most) {
    this.environment = environment;
    this.type = OnnxJavaType.valueOf(elementType.name());
    this.row = row.clone();
    long size = Arrays.stream(row).reduce(1, Math::multiplyExact);
    this.bytes = direct(Math.multiplyExact(size, (long) type.size * most));
    this.elements = Math.toIntExact(size);
    this.halves = this.type == OnnxJavaType.FLOAT16;
    this.floats = halves ? FloatBuffer.allocate(elements * most) : bytes.asFloatBuffer();
    this.tensors = new OnnxTensor[most + 1];
  }

  private static ByteBuffer direct(long size) {
    if (size > Integer.MAX_VALUE) {
      throw new DeviceFailure(
          Kind.OUT_OF_MEMORY, "a tensor: must be less than 2 GiB, is " + size + " bytes", null);
    }
    try {
      return ByteBuffer.allocateDirect((int) size).order(ByteOrder.nativeOrder());
    } catch (OutOfMemoryError e) {
      // Of the memory beside the heap, which is as it was: whatever asks for less can go on.
      throw new DeviceFailure(Kind.OUT_OF_MEMORY, "a tensor of " + size + " bytes", e);
    }
  }

  /** Bytes of the buffers, beside the Java heap and on it. */
  long memory() {
    return bytes.capacity() + (halves ? (long) Float.BYTES * floats.capacity() : 0);
  }

  /** Elements of one row. */
  int elements() {
    return elements;
  }

  /**
   * A view of {@code length} elements of a row, from {@code offset}. What is written there counts
   * for a network of float16 when it has been halved.
   */
  FloatBuffer view(int row, int offset, int length) {
    return floats.slice(row * elements + offset, length);
  }

  void write(int row, int offset, float[] values) {
    floats.put(row * elements + offset, values);
    if (halves) {
      round(row * elements + offset, values.length);
    }
  }

  /** Brings what views were written into the network's type: the first elements of each row. */
  void halve(int rows, int length) {
    for (int row = 0; halves && row < rows; row++) {
      round(row * elements, length);
    }
  }

  void read(int row, float[] out) {
    if (!halves) {
      floats.get(row * elements, out, 0, elements);
      return;
    }
    int from = row * elements * Short.BYTES;
    for (int i = 0; i < elements; i++) {
      out[i] = Fp16Conversions.fp16ToFloat(bytes.getShort(from + i * Short.BYTES));
    }
  }

  /** Writes one number into a row of one element, rounded where the type is an integer. */
  void write(int row, double value) {
    switch (type) {
      case FLOAT -> bytes.putFloat(row * Float.BYTES, (float) value);
      case FLOAT16 -> bytes.putShort(row * Short.BYTES, Fp16Conversions.floatToFp16((float) value));
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
    if (halves) {
      floats.put(to * elements, source.floats, from * elements, elements);
    }
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

  private void round(int from, int length) {
    for (int i = from; i < from + length; i++) {
      bytes.putShort(i * Short.BYTES, Fp16Conversions.floatToFp16(floats.get(i)));
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
