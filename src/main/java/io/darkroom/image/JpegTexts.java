package io.darkroom.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes texts as segments of a JPEG file: {@code parameters} as Exif's UserComment, where picture
 * tools look for it, {@link Xmp} as an XMP segment, and the others as comments of the form {@code
 * keyword: text} in UTF-8. A text that is longer than one comment continues in further comments
 * that start with the same keyword.
 */
final class JpegTexts {
  private static final int APP1 = 0xe1;
  private static final int COMMENT = 0xfe;

  /** Maximum bytes of a segment without its length field. */
  private static final int MOST_BYTES = 0xffff - 2;

  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private JpegTexts() {}

  /**
   * Returns the segments of all texts. The Exif segment is first, as Exif requires; the XMP segment
   * follows it.
   */
  static byte[] segments(List<EmbeddedText> texts) {
    JpegTexts segments = new JpegTexts();
    texts.stream().filter(JpegTexts::isUserComment).forEach(segments::exif);
    texts.stream().filter(Xmp::is).forEach(segments::xmp);
    texts.stream().filter(JpegTexts::isComment).forEach(segments::comments);
    return segments.out.toByteArray();
  }

  private static boolean isUserComment(EmbeddedText text) {
    return text.keyword().equals(ExifComment.KEYWORD)
        && EXIF.length + ExifComment.bytes(text.text()) <= MOST_BYTES;
  }

  private static boolean isComment(EmbeddedText text) {
    return !isUserComment(text) && !Xmp.is(text);
  }

  private void xmp(EmbeddedText text) {
    segment(APP1, Xmp.JPEG_HEADER, text.text().getBytes(StandardCharsets.UTF_8));
  }

  private void exif(EmbeddedText text) {
    segment(APP1, EXIF, ExifComment.of(text.text()));
  }

  private void comments(EmbeddedText text) {
    byte[] keyword = (text.keyword() + ": ").getBytes(StandardCharsets.UTF_8);
    byte[] whole = text.text().getBytes(StandardCharsets.UTF_8);
    int from = 0;
    do {
      int to = end(whole, Math.min(whole.length, from + MOST_BYTES - keyword.length));
      byte[] part = new byte[to - from];
      System.arraycopy(whole, from, part, 0, part.length);
      segment(COMMENT, keyword, part);
      from = to;
    } while (from < whole.length);
  }

  /** Returns the last position up to {@code most} that does not split a character. */
  private static int end(byte[] text, int most) {
    int end = most;
    while (end < text.length && (text[end] & 0xc0) == 0x80) {
      end--;
    }
    return end;
  }

  private void segment(int marker, byte[] start, byte[] rest) {
    int length = 2 + start.length + rest.length;
    out.write(0xff);
    out.write(marker);
    out.write(length >> 8);
    out.write(length & 0xff);
    out.writeBytes(start);
    out.writeBytes(rest);
  }
}
