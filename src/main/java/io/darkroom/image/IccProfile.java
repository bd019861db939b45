package io.darkroom.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A colour profile (ICC.1:2022) as it is embedded in PNG, JPEG and WebP files. Its content is not
 * interpreted, except for its length, its signature and its colour space. Immutable.
 */
public final class IccProfile {
  /** Maximum bytes of a profile; a larger one counts as damaged. */
  static final int MOST_BYTES = 1 << 20;

  /** Begin of a JPEG segment with a part of a profile. */
  static final byte[] JPEG_HEADER = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);

  /** Maximum bytes of a profile in one JPEG segment. */
  private static final int JPEG_PART = 0xffff - 2 - JPEG_HEADER.length - 2;

  private static final int HEADER_BYTES = 128;
  private static final int COLOUR_SPACE = 16;
  private static final int SIGNATURE = 36;
  private static final byte[] NAME = "ICC profile\0\0".getBytes(StandardCharsets.US_ASCII);

  private final byte[] stored;
  private final boolean compressed;
  private final byte[] header;
  private final int length;

  /**
   * @param stored the profile, or its compressed form
   * @param header its first bytes
   * @param length its length; 0 if it is damaged or too large
   */
  private IccProfile(byte[] stored, boolean compressed, byte[] header, int length) {
    this.stored = stored;
    this.compressed = compressed;
    this.header = header;
    this.length = length;
  }

  /** Reads a profile from the data of a PNG chunk {@code iCCP}; it stays compressed. */
  static IccProfile ofPng(ByteBuffer chunk) {
    int at = 0;
    while (at < chunk.limit() && chunk.get(at) != 0) {
      at++;
    }
    int start = Math.min(chunk.limit(), at + 2);
    byte[] stored = new byte[chunk.limit() - start];
    chunk.get(start, stored);
    byte[] header = new byte[HEADER_BYTES];
    return new IccProfile(stored, true, header, inflate(stored, header));
  }

  /** Puts the parts of a profile together, from the segments of a JPEG file in their order. */
  static Optional<IccProfile> ofJpeg(List<ByteBuffer> parts) {
    if (parts.isEmpty()) {
      return Optional.empty();
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    boolean whole = true;
    for (int i = 0; i < parts.size() && whole; i++) {
      ByteBuffer part = parts.get(i);
      whole =
          part.limit() >= 2
              && (part.get(0) & 0xff) == i + 1
              && (part.get(1) & 0xff) == parts.size()
              && all.size() + part.limit() <= MOST_BYTES;
      if (whole) {
        byte[] content = new byte[part.limit() - 2];
        part.get(2, content);
        all.writeBytes(content);
      }
    }
    byte[] stored = whole ? all.toByteArray() : new byte[0];
    return Optional.of(
        new IccProfile(stored, false, Arrays.copyOf(stored, HEADER_BYTES), stored.length));
  }

  /**
   * Decompresses the first bytes into an array. Returns the length of the whole; 0 if it is damaged
   * or longer than {@link #MOST_BYTES}.
   */
  private static int inflate(byte[] compressed, byte[] first) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(compressed);
      byte[] buffer = new byte[1 << 13];
      int length = inflater.inflate(first);
      int count = 1;
      while (count > 0 && length <= MOST_BYTES) {
        count = inflater.inflate(buffer);
        length += count;
      }
      return inflater.finished() && length <= MOST_BYTES ? length : 0;
    } catch (DataFormatException damaged) {
      return 0;
    } finally {
      inflater.end();
    }
  }

  /** Returns whether it is a complete profile for pictures of 1 (grey) or 3 channels (RGB). */
  public boolean fits(int channels) {
    String space = channels == DecodedPicture.GREY ? "GRAY" : "RGB ";
    return length >= HEADER_BYTES
        && ByteBuffer.wrap(header).getInt(0) == length
        && text(SIGNATURE).equals("acsp")
        && text(COLOUR_SPACE).equals(space);
  }

  private String text(int at) {
    return new String(header, at, Integer.BYTES, StandardCharsets.ISO_8859_1);
  }

  /** Returns the profile itself, in a new array. */
  public byte[] toBytes() {
    if (!compressed) {
      return stored.clone();
    }
    byte[] bytes = new byte[length];
    inflate(stored, bytes);
    return bytes;
  }

  /** Returns the data of a PNG chunk {@code iCCP}. */
  byte[] pngChunk() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(NAME);
    out.writeBytes(compressed ? stored : PngWriter.compressed(stored, Deflater.BEST_COMPRESSION));
    return out.toByteArray();
  }

  /** Returns the segments of a JPEG file, each with its marker. */
  byte[] jpegSegments() {
    byte[] bytes = toBytes();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int parts = (bytes.length + JPEG_PART - 1) / JPEG_PART;
    for (int i = 0; i < parts; i++) {
      int from = i * JPEG_PART;
      int length = Math.min(JPEG_PART, bytes.length - from);
      int size = 2 + JPEG_HEADER.length + 2 + length;
      out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xe2, (byte) (size >> 8), (byte) size});
      out.writeBytes(JPEG_HEADER);
      out.write(i + 1);
      out.write(parts);
      out.write(bytes, from, length);
    }
    return out.toByteArray();
  }
}
