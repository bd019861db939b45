package io.darkroom.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Walks the segments of a JPEG file (ITU-T T.81, annex B) from the first marker to the last and
 * keeps those that the pixels need.
 */
final class JpegSegments {
  private static final int START = 0xd8;
  private static final int END = 0xd9;
  private static final int SCAN = 0xda;
  private static final int FIRST_RESTART = 0xd0;
  private static final int LAST_RESTART = 0xd7;
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP2 = 0xe2;
  private static final int APP14 = 0xee;
  private static final int APP15 = 0xef;
  private static final int COMMENT = 0xfe;

  /** A progressive file has about ten scans; each costs a pass over the whole picture. */
  private static final int MAX_SCANS = 100;

  private static final String FRAME_FIRST = "JPEG: must have a frame with a size, and a scan";

  /** Components of a CMYK frame. */
  private static final int CMYK = 4;

  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] JFIF = "JFIF\0".getBytes(StandardCharsets.US_ASCII);

  /** A JFIF segment without a thumbnail. */
  private static final byte[] PLAIN_JFIF = {
    (byte) 0xff, (byte) 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
  };

  private final byte[] file;
  private final ByteArrayOutputStream kept;
  private int at = 2;
  private boolean over;
  private int scans;
  private int width;
  private int height;
  private Orientation orientation = Orientation.UPRIGHT;
  private final List<ByteBuffer> profile = new ArrayList<>();

  private JpegSegments(byte[] file) {
    this.file = file;
    this.kept = new ByteArrayOutputStream(file.length);
  }

  /** Walks a file whose signature was checked. Bytes after the last marker are ignored. */
  static BareFile bare(byte[] file) throws UnreadablePicture {
    JpegSegments segments = new JpegSegments(file);
    segments.kept.write(file, 0, 2);
    segments.walk();
    if (segments.scans == 0 || segments.width == 0 || segments.height == 0) {
      throw UnreadablePicture.damaged(FRAME_FIRST);
    }
    return new BareFile(
        "jpeg",
        segments.width,
        segments.height,
        segments.orientation,
        IccProfile.ofJpeg(segments.profile),
        ByteBuffer.wrap(segments.kept.toByteArray()));
  }

  /**
   * Reads the header from the beginning of a file whose signature was checked; empty if more bytes
   * are needed.
   */
  static Optional<PictureHeader> header(byte[] begin) throws UnreadablePicture {
    JpegSegments segments = new JpegSegments(begin);
    try {
      while (segments.width == 0) {
        int marker = segments.marker();
        if (marker == END || marker == SCAN) {
          throw UnreadablePicture.damaged(FRAME_FIRST);
        }
        int length = segments.length();
        segments.take(marker, length);
        segments.at += length;
      }
    } catch (UnreadablePicture damaged) {
      if (segments.over) {
        return Optional.empty();
      }
      throw damaged;
    }
    return Optional.of(
        PictureHeader.upright(
            "jpeg", segments.width, segments.height, Byte.SIZE, segments.orientation));
  }

  private void walk() throws UnreadablePicture {
    int marker = marker();
    while (marker != END) {
      int length = length();
      take(marker, length);
      at += length;
      if (marker == SCAN) {
        entropyCoded();
      }
      marker = marker();
    }
    kept.write(0xff);
    kept.write(END);
  }

  private void take(int marker, int length) throws UnreadablePicture {
    if (marker == APP0) {
      if (begins(length, JFIF)) {
        kept.writeBytes(PLAIN_JFIF);
      }
    } else if (marker == APP1) {
      if (begins(length, EXIF)) {
        int start = at + 2 + EXIF.length;
        ByteBuffer exif = ByteBuffer.wrap(file, start, at + length - start).slice();
        orientation = Orientation.ofExif(exif);
      }
    } else if (marker == APP2) {
      if (begins(length, IccProfile.JPEG_HEADER)) {
        int start = at + 2 + IccProfile.JPEG_HEADER.length;
        profile.add(ByteBuffer.wrap(file, start, at + length - start).slice());
      }
    } else if (!isIgnored(marker)) {
      look(marker, length);
      kept.write(file, at - 2, length + 2);
    }
  }

  private void look(int marker, int length) throws UnreadablePicture {
    if (marker == SCAN && ++scans > MAX_SCANS) {
      throw UnreadablePicture.tooLarge("JPEG: must have at most " + MAX_SCANS + " scans");
    }
    // C4, C8 and CC are in the range of the frame markers but mean tables, reserved and tables.
    boolean frame = marker == 0xc0 || (marker > 0xc0 && marker <= 0xcf && (marker & 3) != 0);
    if (!frame) {
      return;
    }
    if (width != 0 || length < 8) {
      throw UnreadablePicture.damaged("JPEG: must have one frame header");
    }
    height = unsignedShort(at + 3);
    width = unsignedShort(at + 5);
    if ((file[at + 7] & 0xff) == CMYK) {
      throw new UnreadablePicture(
          UnreadablePicture.Reason.UNSUPPORTED, "JPEG: must be grey or RGB, is CMYK");
    }
  }

  /** Returns the code of the next marker; {@code at} is then the position after it. */
  private int marker() throws UnreadablePicture {
    need(2);
    if ((file[at] & 0xff) != 0xff) {
      throw UnreadablePicture.damaged("JPEG: there is no marker at byte " + at);
    }
    int fill = at;
    while (at < file.length && (file[at] & 0xff) == 0xff) {
      at++;
    }
    need(1);
    int code = file[at++] & 0xff;
    if (code == 0 || code == START || code == 1 || isRestart(code)) {
      throw UnreadablePicture.damaged("JPEG: a marker is out of place at byte " + fill);
    }
    return code;
  }

  private int length() throws UnreadablePicture {
    need(2);
    int length = unsignedShort(at);
    if (length < 2) {
      throw UnreadablePicture.damaged("JPEG: a segment has no length at byte " + at);
    }
    need(length);
    return length;
  }

  private void entropyCoded() throws UnreadablePicture {
    int start = at;
    while (true) {
      need(2);
      int next = file[at + 1] & 0xff;
      if ((file[at] & 0xff) == 0xff && next != 0 && !isRestart(next)) {
        break;
      }
      at++;
    }
    kept.write(file, start, at - start);
  }

  private boolean begins(int length, byte[] name) {
    int start = at + 2;
    return length >= 2 + name.length
        && Arrays.equals(file, start, start + name.length, name, 0, name.length);
  }

  private int unsignedShort(int place) {
    return (file[place] & 0xff) << 8 | (file[place + 1] & 0xff);
  }

  /**
   * Returns whether a segment holds application data or a comment. Adobe's segment is kept because
   * it states the colour space.
   */
  private static boolean isIgnored(int marker) {
    return (marker > APP1 && marker <= APP15 && marker != APP14) || marker == COMMENT;
  }

  private static boolean isRestart(int code) {
    return code >= FIRST_RESTART && code <= LAST_RESTART;
  }

  private void need(int bytes) throws UnreadablePicture {
    if (file.length - at < bytes) {
      over = true;
      throw UnreadablePicture.damaged("JPEG: ends before its last marker");
    }
  }
}
