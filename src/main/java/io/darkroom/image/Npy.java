package io.darkroom.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A tensor in NumPy's file format 1.0 (NEP 1): element type, shape and elements. Files in either
 * byte order, in C or Fortran order, are read; they are held and written in C order, little-endian.
 * Immutable.
 */
public final class Npy {
  /** The HTTP media type of these files. */
  public static final String MEDIA_TYPE = "application/x-npy";

  /** The supported element types. */
  public enum Type {
    FLOAT16("<f2", 2),
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

    /** Returns NumPy's name of the type, e.g. {@code <f4}. */
    public String descr() {
      return descr;
    }

    /** Returns whether elements are integers. */
    boolean whole() {
      return this == INT64 || this == INT32 || this == UINT32 || this == UINT8;
    }

    /** Returns the bytes per element. */
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

  /** Creates a float32 tensor; the values are copied. */
  public static Npy of(List<Integer> shape, float[] values) {
    ByteBuffer elements = allocate(Type.FLOAT32, shape, values.length);
    elements.asFloatBuffer().put(values);
    return new Npy(Type.FLOAT32, shape, elements);
  }

  /** Creates a float64 tensor; the values are copied. */
  public static Npy of(List<Integer> shape, double[] values) {
    ByteBuffer elements = allocate(Type.FLOAT64, shape, values.length);
    elements.asDoubleBuffer().put(values);
    return new Npy(Type.FLOAT64, shape, elements);
  }

  /** Creates an int64 tensor; the values are copied. */
  public static Npy of(List<Integer> shape, long[] values) {
    ByteBuffer elements = allocate(Type.INT64, shape, values.length);
    elements.asLongBuffer().put(values);
    return new Npy(Type.INT64, shape, elements);
  }

  /** Creates a tensor of unsigned bytes; the values are copied. */
  public static Npy of(List<Integer> shape, byte[] values) {
    ByteBuffer elements = allocate(Type.UINT8, shape, values.length);
    elements.put(0, values);
    return new Npy(Type.UINT8, shape, elements);
  }

  /**
   * Reads a complete file of format 1.0 with one of the types of {@link Type}. Memory for elements
   * is allocated only after the header is found to fit the file, and at most as many bytes as the
   * file has.
   *
   * @param file perhaps kept, not copied: must not change afterwards
   * @param maxElements maximum number of elements
   * @throws MalformedNpy if the file has another format, is truncated or too long
   */
  public static Npy read(byte[] file, int maxElements) throws MalformedNpy {
    return new NpyHeader(file).read(maxElements);
  }

  /** Returns the file of a float32 tensor. */
  public static byte[] write(float[] values, int... shape) {
    return of(Arrays.stream(shape).boxed().toList(), values).toBytes();
  }

  /** Returns the bytes of the file. */
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

  /** Returns the type of the elements. */
  public Type type() {
    return type;
  }

  /** Returns the length of each axis; empty for a scalar. */
  public List<Integer> shape() {
    return shape;
  }

  /** Returns the number of elements. */
  public int size() {
    return elements.capacity() / type.bytes;
  }

  /** Returns a copy of the elements, each as the nearest float; exact for float32. */
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

  /** Returns a copy of the elements as doubles; exact except for int64 values beyond 2^53. */
  public double[] doubles() {
    double[] out = new double[size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = real(i);
    }
    return out;
  }

  /**
   * Returns a copy of the elements of an integer type.
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
      case FLOAT16 -> half(elements.getShort(2 * i));
      case FLOAT32 -> elements.getFloat(4 * i);
      case FLOAT64 -> elements.getDouble(8 * i);
      case INT64, INT32, UINT32, UINT8 -> integer(i);
    };
  }

  /** Returns an element of an integer type. */
  long integer(int i) {
    return switch (type) {
      case INT64 -> elements.getLong(8 * i);
      case INT32 -> elements.getInt(4 * i);
      case UINT32 -> elements.getInt(4 * i) & 0xffffffffL;
      case UINT8 -> elements.get(i) & 0xff;
      case FLOAT16, FLOAT32, FLOAT64 ->
          throw new IllegalStateException("not integers but " + type.descr);
    };
  }

  /** IEEE 754 binary16: 1 bit of sign, 5 of the exponent, 10 of the fraction. */
  private static double half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    double magnitude =
        switch (exponent) {
          case 0 -> Math.scalb((double) fraction, -24);
          case 0x1f -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
          default -> Math.scalb((double) (fraction | 0x400), exponent - 25);
        };
    return bits < 0 ? -magnitude : magnitude;
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
