package io.darkroom.image;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The chunk of a WebP file (RFC 9649, section 2) that has the pixels.
 *
 * @param content the chunk with its header
 */
record WebpFrame(boolean lossless, int width, int height, ByteBuffer content) {
  private static final int CHUNK_HEADER = 8;
  private static final int SIDE_BITS = 14;
  private static final int SIDE = (1 << SIDE_BITS) - 1;
  private static final int LOSSLESS_SIGNATURE = 0x2f;
  private static final int LOSSY_SIGNATURE = 0x2a019d;

  /**
   * Finds the picture of a file.
   *
   * @throws UnreadablePicture if there is no still picture without transparency
   */
  static WebpFrame of(byte[] file) throws UnreadablePicture {
    if (!MagicBytes.isWebp(file)) {
      throw unsupported("WebP: must begin with its signature");
    }
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int at = WebpContainer.HEADER_BYTES;
    while (file.length - at >= CHUNK_HEADER) {
      String type = new String(file, at, 4, StandardCharsets.ISO_8859_1);
      int length = bytes.getInt(at + 4);
      if (length < 0 || length > file.length - at - CHUNK_HEADER) {
        throw UnreadablePicture.damaged("WebP: ends inside a chunk");
      }
      ByteBuffer chunk = bytes.slice(at, CHUNK_HEADER + length).order(ByteOrder.LITTLE_ENDIAN);
      switch (type) {
        case "VP8L" -> {
          return sized(chunk, true);
        }
        case "VP8 " -> {
          return sized(chunk, false);
        }
        case "ALPH", "ANIM", "ANMF" ->
            throw unsupported("WebP: must be a still image without transparency");
        default -> at += CHUNK_HEADER + length + length % 2;
      }
    }
    throw UnreadablePicture.damaged("WebP: has no picture");
  }

  private static WebpFrame sized(ByteBuffer chunk, boolean lossless) throws UnreadablePicture {
    try {
      return lossless ? lossless(chunk) : lossy(chunk);
    } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
      throw UnreadablePicture.damaged("WebP: ends inside the header of the picture");
    }
  }

  private static WebpFrame lossless(ByteBuffer chunk) throws UnreadablePicture {
    int signature = chunk.get(CHUNK_HEADER);
    int bits = chunk.getInt(CHUNK_HEADER + 1);
    if (signature != LOSSLESS_SIGNATURE || bits >>> (2 * SIDE_BITS) != 0) {
      throw unsupported("WebP: must be lossless of version 0 without transparency");
    }
    return new WebpFrame(true, (bits & SIDE) + 1, (bits >> SIDE_BITS & SIDE) + 1, chunk);
  }

  private static WebpFrame lossy(ByteBuffer chunk) throws UnreadablePicture {
    boolean first = (chunk.get(CHUNK_HEADER) & 1) == 0;
    int signature = chunk.getInt(CHUNK_HEADER + 3) & 0xffffff;
    if (!first || signature != LOSSY_SIGNATURE) {
      throw UnreadablePicture.damaged("WebP: must begin with a key frame");
    }
    int width = chunk.getShort(CHUNK_HEADER + 6) & SIDE;
    int height = chunk.getShort(CHUNK_HEADER + 8) & SIDE;
    return new WebpFrame(false, width, height, chunk);
  }

  private static UnreadablePicture unsupported(String message) {
    return new UnreadablePicture(UnreadablePicture.Reason.UNSUPPORTED, message);
  }

  /** Returns a file of the simple form with nothing but the picture. */
  byte[] bare() {
    byte[] chunk = new byte[content.capacity()];
    content.get(0, chunk);
    return WebpContainer.file(chunk);
  }
}
