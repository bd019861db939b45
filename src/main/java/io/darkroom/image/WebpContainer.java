package io.darkroom.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Writes the extended form of a WebP file (RFC 9649, section 2.7) with a colour profile and texts:
 * {@code parameters} as Exif's UserComment, and the others as properties of the {@link Xmp} packet.
 */
final class WebpContainer {
  /** Bytes of the file header: {@code RIFF}, size, {@code WEBP}. */
  static final int HEADER_BYTES = 12;

  private static final int EXTENDED_BYTES = 10;
  private static final byte HAS_PROFILE = 32;
  private static final byte HAS_EXIF = 8;
  private static final byte HAS_XMP = 4;

  private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();

  private WebpContainer() {}

  /**
   * Returns a file with texts and a colour profile; the file itself if there are none.
   *
   * @param file a file of the simple form, without transparency
   */
  static byte[] extended(
      byte[] file, int width, int height, List<EmbeddedText> texts, Optional<IccProfile> profile) {
    if (texts.isEmpty() && profile.isEmpty()) {
      return file;
    }
    Optional<byte[]> exif =
        texts.stream().filter(WebpContainer::comment).map(WebpContainer::exif).findFirst();
    List<EmbeddedText> others = texts.stream().filter(text -> !comment(text)).toList();
    WebpContainer container = new WebpContainer();
    int flags =
        (profile.isPresent() ? HAS_PROFILE : 0)
            | (exif.isPresent() ? HAS_EXIF : 0)
            | (others.isEmpty() ? 0 : HAS_XMP);
    container.chunk("VP8X", header(width, height, flags));
    profile.ifPresent(each -> container.chunk("ICCP", each.toBytes()));
    container.chunks.write(file, HEADER_BYTES, file.length - HEADER_BYTES);
    exif.ifPresent(content -> container.chunk("EXIF", content));
    if (!others.isEmpty()) {
      container.chunk("XMP ", Xmp.packet(others).getBytes(StandardCharsets.UTF_8));
    }
    return file(container.chunks.toByteArray());
  }

  private static boolean comment(EmbeddedText text) {
    return text.keyword().equals(ExifComment.KEYWORD);
  }

  private static byte[] exif(EmbeddedText text) {
    return ExifComment.of(text.text());
  }

  /** Returns flags, and the size less one in three bytes each. */
  private static byte[] header(int width, int height, int flags) {
    return little(EXTENDED_BYTES)
        .putInt(flags)
        .putShort((short) (width - 1))
        .put((byte) 0)
        .putShort((short) (height - 1))
        .put((byte) 0)
        .array();
  }

  private void chunk(String name, byte[] content) {
    chunks.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    chunks.writeBytes(little(Integer.BYTES).putInt(content.length).array());
    chunks.writeBytes(content);
    if (content.length % 2 == 1) {
      chunks.write(0);
    }
  }

  /** Returns a file with these chunks, the last of which may lack its padding. */
  static byte[] file(byte[] chunks) {
    byte[] all = Arrays.copyOf(chunks, chunks.length + chunks.length % 2);
    return little(HEADER_BYTES + all.length)
        .put("RIFF".getBytes(StandardCharsets.US_ASCII))
        .putInt(4 + all.length)
        .put("WEBP".getBytes(StandardCharsets.US_ASCII))
        .put(all)
        .array();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
