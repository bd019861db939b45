package io.darkroom.image;

import java.util.List;

/**
 * The facts of an untrusted NPY file from its first bytes, before memory for its elements is
 * allocated.
 *
 * @param shape length of each axis
 * @param readingBytes maximum bytes of the Java heap while the file is read as floats
 */
public record TensorFile(List<Integer> shape, long readingBytes) {
  /** Bytes that contain every header. */
  public static final int BEGINNING = NpyHeader.PREFIX + NpyHeader.MAX_TEXT;

  /** Whole numbers up to this one are exact as floats. */
  private static final long MOST_EXACT = 1 << 24;

  public TensorFile {
    shape = List.copyOf(shape);
  }

  /**
   * Reads the header of a file.
   *
   * @param beginning the first {@link #BEGINNING} bytes, or the whole file if it is shorter
   * @param fileBytes length of the file
   * @param maxElements maximum number of elements
   * @throws MalformedNpy if it is no tensor with one or more elements, or has too many
   */
  public static TensorFile of(byte[] beginning, long fileBytes, long maxElements)
      throws MalformedNpy {
    NpyHeader.Parsed header = new NpyHeader(beginning).parse(maxElements, fileBytes);
    if (header.shape().isEmpty() || header.shape().contains(0)) {
      throw new MalformedNpy("NPY shape: must have sizes of 1 or more, is " + header.shape());
    }
    long elements =
        header.shape().stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    boolean reordered = header.reversed() || header.fortran();
    long bytes = (reordered ? 2 : 1) * fileBytes + Float.BYTES * elements;
    return new TensorFile(header.shape(), bytes);
  }

  /**
   * Reads the elements of a file as floats.
   *
   * @throws MalformedNpy also if an element is not finite, or a whole number that is not exact as a
   *     float
   */
  public static float[] floats(byte[] file, long maxElements) throws MalformedNpy {
    Npy tensor = Npy.read(file, (int) Math.min(Integer.MAX_VALUE, maxElements));
    float[] values = tensor.floats();
    boolean whole = tensor.type().whole();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new MalformedNpy("NPY: must have finite numbers, element " + i + " is " + values[i]);
      }
      if (whole && !exact(tensor.integer(i))) {
        throw new MalformedNpy(
            "NPY: integers must be at most 2^24, element %d is %d".formatted(i, tensor.integer(i)));
      }
    }
    return values;
  }

  private static boolean exact(long integer) {
    return integer >= -MOST_EXACT && integer <= MOST_EXACT;
  }
}
