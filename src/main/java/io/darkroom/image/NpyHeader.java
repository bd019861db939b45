package io.darkroom.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the header of an untrusted NPY file. */
final class NpyHeader {

  /** The magic string and version 1.0. */
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

  /** Bytes before the header's text: magic, version and the length of the text. */
  static final int PREFIX = 10;

  private static final char BIG_ENDIAN = '>';
  static final int MAX_TEXT = 4096;
  private static final int MAX_AXES = 32;
  private static final String END = "\\s*(?:,|\\})";
  private static final Pattern DICTIONARY = Pattern.compile("\\{[^{}]*\\}\\s*");
  private static final Pattern DESCR = Pattern.compile("'descr':\\s*'([^']*)'" + END);
  private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)" + END);
  private static final Pattern SHAPE =
      Pattern.compile("'shape':\\s*\\(\\s*((?:\\d{1,9}\\s*,\\s*){0,32}(?:\\d{1,9})?)\\s*\\)" + END);

  private final byte[] file;

  NpyHeader(byte[] file) {
    this.file = file;
  }

  /**
   * Returns the whole tensor.
   *
   * @param maxElements maximum number of elements
   */
  Npy read(int maxElements) throws MalformedNpy {
    Parsed header = parse(maxElements, file.length);
    ByteBuffer elements = ByteBuffer.wrap(file).position(header.offset());
    return new Npy(
        header.type(),
        header.shape(),
        header.reversed() || header.fortran()
            ? NpyOrder.plain(
                elements,
                header.type().bytes(),
                header.shape(),
                header.reversed(),
                header.fortran())
            : elements);
  }

  /**
   * A header.
   *
   * @param offset of the first element in the file
   * @param reversed whether elements are in big-endian order
   * @param fortran whether the first axis runs fastest
   */
  record Parsed(
      Npy.Type type, List<Integer> shape, int offset, boolean reversed, boolean fortran) {}

  /**
   * Reads the header, for which the beginning of the file is enough.
   *
   * @param maxElements maximum number of elements
   * @param fileBytes length of the whole file, which must be that of the header and the elements
   */
  Parsed parse(long maxElements, long fileBytes) throws MalformedNpy {
    if (file.length < PREFIX || !Arrays.equals(MAGIC, 0, MAGIC.length, file, 0, MAGIC.length)) {
      throw new MalformedNpy("NPY: must begin with the magic string and version 1.0");
    }
    int length = (file[8] & 0xff) | (file[9] & 0xff) << 8;
    if (length > Math.min(MAX_TEXT, file.length - PREFIX)) {
      throw new MalformedNpy(
          "NPY header: must be at most 4096 bytes and in the file, is " + length);
    }
    String text = new String(file, PREFIX, length, StandardCharsets.ISO_8859_1);
    if (!DICTIONARY.matcher(text).matches()) {
      throw new MalformedNpy("NPY header: must be a dictionary");
    }
    String descr = find(DESCR, text);
    Npy.Type type = type(descr);
    List<Integer> shape = shape(find(SHAPE, text));
    checkSize(type, shape, maxElements, fileBytes - PREFIX - length);
    boolean reversed = descr.charAt(0) == BIG_ENDIAN;
    boolean fortran = find(ORDER, text).equals("True") && shape.size() > 1;
    return new Parsed(type, shape, PREFIX + length, reversed, fortran);
  }

  private static String find(Pattern pattern, String text) throws MalformedNpy {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new MalformedNpy(
          "NPY header: must have descr, fortran_order and shape as NumPy writes them");
    }
    return matcher.group(1);
  }

  private static Npy.Type type(String descr) throws MalformedNpy {
    for (Npy.Type type : Npy.Type.values()) {
      boolean reversed = type.bytes() > 1 && descr.equals(BIG_ENDIAN + type.descr().substring(1));
      if (reversed || type.descr().equals(descr)) {
        return type;
      }
    }
    String known =
        Arrays.stream(Npy.Type.values())
            .map(type -> type.descr().substring(1))
            .collect(Collectors.joining(" "));
    throw new MalformedNpy("NPY descr: must be one of " + known + ", is " + descr);
  }

  private static List<Integer> shape(String tuple) throws MalformedNpy {
    List<Integer> shape = new ArrayList<>();
    for (String length : tuple.split(",", -1)) {
      if (!length.isBlank()) {
        shape.add(Integer.valueOf(length.strip()));
      }
    }
    if (shape.size() > MAX_AXES) {
      throw new MalformedNpy("NPY shape: must have at most 32 axes, has " + shape.size());
    }
    return shape;
  }

  private static void checkSize(Npy.Type type, List<Integer> shape, long maxElements, long bytes)
      throws MalformedNpy {
    long elements = 1;
    for (int length : shape) {
      elements *= length;
      if (elements > maxElements) {
        throw new MalformedNpy(
            "NPY: must have at most " + maxElements + " elements, has shape " + shape);
      }
    }
    if (elements * type.bytes() != bytes) {
      throw new MalformedNpy(
          "NPY: shape " + shape + " of " + type.descr() + " does not fit " + bytes + " bytes");
    }
  }
}
