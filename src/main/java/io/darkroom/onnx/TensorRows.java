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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rows of one input or output in a direct buffer, and the tensors of some of its rows, which are
 * created on first use and cached. Numbers are floats on the Java side; if the network's type is
 * float16, inputs are rounded (to nearest, ties to even) and outputs are widened. Engine thread
 * only, except that lanes use separate rows.
 */
final class TensorRows implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OnnxJavaType type;
  private final long[] row;
  private final int elements;
  private final ByteBuffer bytes;
  private final FloatBuffer floats;
  private final boolean halves;
  private final int most;

  /** Tensors by first row and number of rows. */
  private final Map<Integer, OnnxTensor> tensors = new ConcurrentHashMap<>();

  /**
   * @param row shape of one row
   * @param most maximum number of rows
   * @throws DeviceFailure if there is no memory for them
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
    this.most = most;
  }

  private static ByteBuffer direct(long size) {
    if (size > Integer.MAX_VALUE) {
      throw new DeviceFailure(
          Kind.OUT_OF_MEMORY, "a tensor: must be less than 2 GiB, is " + size + " bytes", null);
    }
    try {
      return ByteBuffer.allocateDirect((int) size).order(ByteOrder.nativeOrder());
    } catch (OutOfMemoryError e) {
      // Memory outside the Java heap is short; smaller requests can still succeed.
      throw new DeviceFailure(Kind.OUT_OF_MEMORY, "a tensor of " + size + " bytes", e);
    }
  }

  /** Returns the bytes of the buffers, on and outside the Java heap. */
  long memory() {
    return bytes.capacity() + (halves ? (long) Float.BYTES * floats.capacity() : 0);
  }

  /** Returns the elements of one row. */
  int elements() {
    return elements;
  }

  /**
   * Returns a view of {@code length} elements of a row, from {@code offset}. For a network of
   * float16, values written to it take effect after {@link #halve}.
   */
  FloatBuffer view(int row, int offset, int length) {
    return floats.slice(row * elements + offset, length);
  }

  void write(int row, int offset, float[] values) {
    if (type == OnnxJavaType.INT64 || type == OnnxJavaType.INT32) {
      for (int i = 0; i < values.length; i++) {
        writeElement(row * elements + offset + i, Math.round(values[i]));
      }
      return;
    }
    floats.put(row * elements + offset, values);
    if (halves) {
      round(row * elements + offset, values.length);
    }
  }

  /**
   * Converts values that were written to views to the network's type: the first elements of
   * consecutive rows.
   */
  void halve(int first, int rows, int length) {
    for (int row = first; halves && row < first + rows; row++) {
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

  /** Writes one number to a row of one element, rounded if the type is an integer. */
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

  /** Writes one element of an integer type, counted from the first of the first row. */
  void writeElement(int element, long value) {
    switch (type) {
      case INT64 -> bytes.putLong(element * Long.BYTES, value);
      case INT32 -> bytes.putInt(element * Integer.BYTES, Math.toIntExact(value));
      default -> throw new IllegalStateException("no integers of type " + type);
    }
  }

  /** Copies a row from rows of the same shape. */
  void copy(TensorRows source, int from, int to) {
    int size = elements * type.size;
    bytes.put(to * size, source.bytes, from * size, size);
    if (halves) {
      floats.put(to * elements, source.floats, from * elements, elements);
    }
  }

  /** Returns the tensor of consecutive rows, {@code [rows, ...]}. */
  OnnxTensor tensor(int first, int rows) {
    return tensors.computeIfAbsent(
        first * (most + 1) + rows,
        key -> {
          long[] shape = new long[row.length + 1];
          shape[0] = rows;
          System.arraycopy(row, 0, shape, 1, row.length);
          return tensor(first, rows, shape);
        });
  }

  /**
   * Returns the tensor of the first row's single element, as a scalar or as a vector of length one.
   */
  OnnxTensor single(int rank) {
    return tensors.computeIfAbsent(
        0, key -> tensor(0, 1, rank == 0 ? new long[0] : new long[] {1}));
  }

  /** Closes the tensors; they are created again on the next use. */
  @Override
  public void close() {
    tensors.values().forEach(OnnxTensor::close);
    tensors.clear();
  }

  private void round(int from, int length) {
    for (int i = from; i < from + length; i++) {
      bytes.putShort(i * Short.BYTES, Fp16Conversions.floatToFp16(floats.get(i)));
    }
  }

  private OnnxTensor tensor(int first, int rows, long[] shape) {
    int size = elements * type.size;
    ByteBuffer part = bytes.slice(first * size, rows * size).order(ByteOrder.nativeOrder());
    try {
      return OnnxTensor.createTensor(environment, part, shape, type);
    } catch (OrtException e) {
      throw RunFailures.of(e);
    }
  }
}
