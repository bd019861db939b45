package io.darkroom.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/** The chunks of a PNG file with verified checksums, from the header to the end chunk. */
final class PngChunks {

  /** Position of a chunk: {@code length} bytes of data at {@code offset}. */
  record Chunk(String type, int offset, int length) {}

  /** Offset of the colour type in the header. */
  static final int COLOR = 9;

  private static final int MAX_CHUNKS = 1 << 16;
  private static final int HEADER_BYTES = 13;
  private static final int DEPTH = 8;
  private static final String HEADER_FIRST = "PNG: must begin with a header of 13 bytes";

  /** Bytes of a chunk's length, type and checksum. */
  private static final int FRAME_BYTES = 12;

  private static final Set<String> PIXEL_CHUNKS = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

  private final byte[] file;
  private final List<Chunk> chunks;

  private PngChunks(byte[] file, List<Chunk> chunks) {
    this.file = file;
    this.chunks = chunks;
  }

  /** Walks a file whose signature was checked. Bytes after the end chunk are ignored. */
  static PngChunks parse(byte[] file) throws UnreadablePicture {
    List<Chunk> chunks = new ArrayList<>();
    int at = PngWriter.SIGNATURE.length;
    do {
      Chunk chunk = chunk(file, at);
      chunks.add(chunk);
      at = chunk.offset + chunk.length + 4;
      if (chunks.size() > MAX_CHUNKS) {
        throw UnreadablePicture.tooLarge("PNG: must have at most " + MAX_CHUNKS + " chunks");
      }
    } while (!chunks.get(chunks.size() - 1).type.equals("IEND"));
    Chunk header = chunks.get(0);
    if (!header.type.equals("IHDR") || header.length != HEADER_BYTES) {
      throw UnreadablePicture.damaged(HEADER_FIRST);
    }
    return new PngChunks(file, chunks);
  }

  /**
   * Reads the header from the beginning of a file whose signature was checked; empty if more bytes
   * are needed. Checksums are not verified.
   */
  static Optional<PictureHeader> header(byte[] begin) throws UnreadablePicture {
    ByteBuffer bytes = ByteBuffer.wrap(begin);
    int at = PngWriter.SIGNATURE.length;
    if (begin.length < at + FRAME_BYTES + HEADER_BYTES) {
      return Optional.empty();
    }
    if (!type(begin, at).equals("IHDR") || bytes.getInt(at) != HEADER_BYTES) {
      throw UnreadablePicture.damaged(HEADER_FIRST);
    }
    int width = bytes.getInt(at + 8);
    int height = bytes.getInt(at + 12);
    int bits = bytes.get(at + 8 + DEPTH) == Short.SIZE ? Short.SIZE : Byte.SIZE;
    return Optional.of(PictureHeader.upright("png", width, height, bits, orientation(begin)));
  }

  /** Returns the orientation, if it is stored before the pixels. */
  private static Orientation orientation(byte[] begin) {
    ByteBuffer bytes = ByteBuffer.wrap(begin);
    int at = PngWriter.SIGNATURE.length + FRAME_BYTES + HEADER_BYTES;
    while (begin.length - at >= FRAME_BYTES) {
      int length = bytes.getInt(at);
      boolean whole = length >= 0 && length <= begin.length - at - FRAME_BYTES;
      if (!whole || type(begin, at).equals("IDAT")) {
        return Orientation.UPRIGHT;
      }
      if (type(begin, at).equals("eXIf")) {
        return Orientation.ofExif(bytes.slice(at + 8, length));
      }
      at += FRAME_BYTES + length;
    }
    return Orientation.UPRIGHT;
  }

  private static String type(byte[] file, int at) {
    return new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
  }

  List<Chunk> chunks() {
    return chunks;
  }

  /** Returns the data of a chunk, big-endian. */
  ByteBuffer data(Chunk chunk) {
    return ByteBuffer.wrap(file, chunk.offset, chunk.length).slice();
  }

  /** Returns the colour type of the header. */
  byte color() {
    return data(chunks.get(0)).get(COLOR);
  }

  /** Returns the bits per sample of the header. */
  byte bits() {
    return data(chunks.get(0)).get(DEPTH);
  }

  BareFile bare() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(file.length);
    out.writeBytes(PngWriter.SIGNATURE);
    Orientation orientation = Orientation.UPRIGHT;
    Optional<IccProfile> profile = Optional.empty();
    for (Chunk chunk : chunks) {
      if (PIXEL_CHUNKS.contains(chunk.type)) {
        out.write(file, chunk.offset - 8, chunk.length + FRAME_BYTES);
      } else if (chunk.type.equals("eXIf")) {
        orientation = Orientation.ofExif(data(chunk));
      } else if (chunk.type.equals("iCCP")) {
        profile = Optional.of(IccProfile.ofPng(data(chunk)));
      }
    }
    ByteBuffer header = data(chunks.get(0));
    ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray());
    return new BareFile("png", header.getInt(0), header.getInt(4), orientation, profile, bytes);
  }

  private static Chunk chunk(byte[] file, int at) throws UnreadablePicture {
    if (file.length - at < FRAME_BYTES) {
      throw UnreadablePicture.damaged("PNG: ends before its end chunk");
    }
    ByteBuffer bytes = ByteBuffer.wrap(file);
    int length = bytes.getInt(at);
    if (length < 0 || length > file.length - at - FRAME_BYTES) {
      throw UnreadablePicture.damaged("PNG: ends inside a chunk");
    }
    String type = type(file, at);
    CRC32 crc = new CRC32();
    crc.update(file, at + 4, 4 + length);
    if ((int) crc.getValue() != bytes.getInt(at + 8 + length)) {
      throw UnreadablePicture.damaged("PNG: the checksum of a chunk is wrong at byte " + at);
    }
    return new Chunk(type, at + 8, length);
  }
}
