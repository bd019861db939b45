package io.darkroom.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A tensor as NumPy's file format 1.0 holds it (NEP 1): element type, shape and elements in C
 * order, little-endian. Immutable.
 */
public final class Npy {

  /** The element types that are read and written. */
  public enum Type {
    FLOAT32("<f4", 4),
    FLOAT64("<f8", 8),
    INT64("<i8", 8),
    INT32("<i4", 4),
    UINT32("<u4", 4),
    UINT8("|u1", 1);

    private final String descr;
    private final int bytes;

    Type(String descr, int bytes) {
      this.descr = descr;
      this.bytes = bytes;
    }

    /** NumPy's name of the type, e.g. {@code <f4}. */
    public String descr() {
      return descr;
    }

    /** Bytes to an element. */
    public int bytes() {
      return bytes;
    }
  }

  private static final int ALIGNMENT = 64;

  private final Type type;
  private final List<Integer> shape;
  private final ByteBuffer elements;

  Npy(Type type, List<Integer> shape, ByteBuffer elements) {
    this.type = type;
    this.shape = List.copyOf(shape);
    this.elements = elements.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A float32 tensor; the values are copied. */
  public static Npy of(List<Integer> shape, float[] values) {
    ByteBuffer elements = allocate(Type.FLOAT32, shape, values.length);
    elements.asFloatBuffer().put(values);
    return new Npy(Type.FLOAT32, shape, elements);
  }

  /** A float64 tensor; the values are copied. */
  public static Npy of(List<Integer> shape, double[] values) {
    ByteBuffer elements = allocate(Type.FLOAT64, shape, values.length);
    elements.asDoubleBuffer().put(values);
    return new Npy(Type.FLOAT64, shape, elements);
  }

  /** An int64 tensor; the values are copied. */
  public static Npy of(List<Integer> shape, long[] values) {
    ByteBuffer elements = allocate(Type.INT64, shape, values.length);
    elements.asLongBuffer().put(values);
    return new Npy(Type.INT64, shape, elements);
  }

  /**
   * Reads a whole file. Only format 1.0, C order and the types of {@link Type} are taken.
   *
   * @param file kept, not copied: must not change afterwards
   * @param maxElements more of them are refused
   * @throws MalformedNpy where the file is anything else, cut short or too long
   */
  public static Npy read(byte[] file, int maxElements) throws MalformedNpy {
    return new NpyHeader(file).read(maxElements);
  }

  /** The file of a float32 tensor. */
  public static byte[] write(float[] values, int... shape) {
    return of(Arrays.stream(shape).boxed().toList(), values).toBytes();
  }

  /** The file's bytes. */
  public byte[] toBytes() {
    String text =
        "{'descr': '" + type.descr + "', 'fortran_order': False, 'shape': " + tuple(shape) + ", }";
    int unpadded = NpyHeader.PREFIX + text.length() + 1;
    int header = (unpadded + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer out =
        ByteBuffer.allocate(header + elements.capacity()).order(ByteOrder.LITTLE_ENDIAN);
    out.put(NpyHeader.MAGIC).putShort((short) (header - NpyHeader.PREFIX));
    out.put(text.getBytes(StandardCharsets.US_ASCII));
    Arrays.fill(out.array(), out.position(), header - 1, (byte) ' ');
    out.array()[header - 1] = '\n';
    out.position(header);
    return out.put(elements.duplicate()).array();
  }

  /** What the elements are. */
  public Type type() {
    return type;
  }

  /** Length per axis; empty for a single value. */
  public List<Integer> shape() {
    return shape;
  }

  /** How many elements there are. */
  public int size() {
    return elements.capacity() / type.bytes;
  }

  /** A copy of the elements, each as the nearest float; exact for float32. */
  public float[] floats() {
    float[] out = new float[size()];
    if (type == Type.FLOAT32) {
      elements.asFloatBuffer().get(out);
      return out;
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) real(i);
    }
    return out;
  }

  /** A copy of the elements as doubles; exact but for int64 beyond 2^53. */
  public double[] doubles() {
    double[] out = new double[size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = real(i);
    }
    return out;
  }

  /**
   * A copy of the elements of an integer type.
   *
   * @throws IllegalStateException for another type
   */
  public long[] longs() {
    long[] out = new long[size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = integer(i);
    }
    return out;
  }

  private double real(int i) {
    return switch (type) {
      case FLOAT32 -> elements.getFloat(4 * i);
      case FLOAT64 -> elements.getDouble(8 * i);
      case INT64, INT32, UINT32, UINT8 -> integer(i);
    };
  }

  private long integer(int i) {
    return switch (type) {
      case INT64 -> elements.getLong(8 * i);
      case INT32 -> elements.getInt(4 * i);
      case UINT32 -> elements.getInt(4 * i) & 0xffffffffL;
      case UINT8 -> elements.get(i) & 0xff;
      case FLOAT32, FLOAT64 -> throw new IllegalStateException("not integers but " + type.descr);
    };
  }

  private static ByteBuffer allocate(Type type, List<Integer> shape, int values) {
    long wanted = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    if (wanted != values || shape.stream().anyMatch(length -> length < 0)) {
      throw new IllegalArgumentException(
          "shape " + shape + " must have as many elements as there are values, " + values);
    }
    return ByteBuffer.allocate(Math.multiplyExact(type.bytes, values))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String tuple(List<Integer> shape) {
    String lengths = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return shape.size() == 1 ? "(" + lengths + ",)" : "(" + lengths + ")";
  }
}
