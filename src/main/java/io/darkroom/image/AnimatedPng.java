package io.darkroom.image;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Writes animated PNG files (W3C PNG, third edition) that play in an endless loop. Readers without
 * support for animation show the middle frame.
 */
public final class AnimatedPng {
  static final int CONTROL_BYTES = 26;

  private AnimatedPng() {}

  /**
   * Returns the file of a film.
   *
   * @param frames one or more of the same size
   * @param rate frames per second
   * @param texts as in {@link PngWriter#write}
   * @param level compression level, 0 (none) to 9
   */
  public static byte[] write(List<Pixels> frames, int rate, List<EmbeddedText> texts, int level) {
    int shown = frames.size() / 2;
    Pixels middle = frames.get(shown);
    PngWriter writer = new PngWriter();
    writer.begin(
        PngWriter.header(middle.width(), middle.height(), Byte.SIZE, middle.channels()), texts);
    writer.chunk("acTL", ByteBuffer.allocate(8).putInt(frames.size()).putInt(0).array());
    byte[] still = PngWriter.data(middle, level);
    writer.chunk("IDAT", still);
    int sequence = 0;
    for (int i = 0; i < frames.size(); i++) {
      Pixels frame = frames.get(i);
      writer.chunk("fcTL", control(sequence++, frame, rate));
      byte[] data = i == shown ? still : PngWriter.data(frame, level);
      writer.chunk(
          "fdAT", ByteBuffer.allocate(4 + data.length).putInt(sequence++).put(data).array());
    }
    return writer.end();
  }

  private static byte[] control(int sequence, Pixels frame, int rate) {
    return ByteBuffer.allocate(CONTROL_BYTES)
        .putInt(sequence)
        .putInt(frame.width())
        .putInt(frame.height())
        .putInt(0)
        .putInt(0)
        .putShort((short) 1)
        .putShort((short) rate)
        .array();
  }
}
