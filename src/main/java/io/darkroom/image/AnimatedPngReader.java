package io.darkroom.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the frames of animated PNG files that {@link AnimatedPng} wrote. */
public final class AnimatedPngReader {
  private static final String FORMAT = "png";
  private static final int SEQUENCE_BYTES = 4;

  private AnimatedPngReader() {}

  /**
   * Returns the samples of all frames, {@code [F, H, W, C]}; empty if the file is not an animated
   * PNG file.
   *
   * @param maxPixels maximum sum of the frames' pixels
   * @throws UnreadablePicture if the file is a PNG file that is damaged or too large, or a frame
   *     does not fill the picture
   */
  public static Optional<byte[]> read(byte[] file, long maxPixels) throws UnreadablePicture {
    if (!MagicBytes.isPng(file)) {
      return Optional.empty();
    }
    PngChunks png = PngChunks.parse(file);
    if (png.chunks().stream().noneMatch(chunk -> chunk.type().equals("acTL"))) {
      return Optional.empty();
    }
    List<byte[]> frames = compressedFrames(png);
    ByteBuffer header = png.data(png.chunks().get(0));
    PictureHeader size = new PictureHeader(FORMAT, header.getInt(0), header.getInt(4), Byte.SIZE);
    size.check(maxPixels / Math.max(1, frames.size()));
    List<Pixels> pixels = new ArrayList<>();
    for (byte[] frame : frames) {
      pixels.add(decode(header, frame));
    }
    return Optional.of(Frames.samples(pixels));
  }

  /** Returns the compressed rows of each frame. */
  private static List<byte[]> compressedFrames(PngChunks png) throws UnreadablePicture {
    ByteBuffer header = png.data(png.chunks().get(0));
    List<ByteArrayOutputStream> frames = new ArrayList<>();
    for (PngChunks.Chunk chunk : png.chunks()) {
      ByteBuffer data = png.data(chunk);
      if (chunk.type().equals("fcTL")) {
        boolean whole =
            data.remaining() == AnimatedPng.CONTROL_BYTES
                && data.getInt(4) == header.getInt(0)
                && data.getInt(8) == header.getInt(4);
        check(whole, "PNG: each frame must fill the image");
        frames.add(new ByteArrayOutputStream());
      } else if (chunk.type().equals("fdAT")) {
        boolean inFrame = !frames.isEmpty() && data.remaining() > SEQUENCE_BYTES;
        check(inFrame, "PNG: data of a frame must follow its control chunk");
        byte[] bytes = new byte[data.remaining() - SEQUENCE_BYTES];
        data.get(SEQUENCE_BYTES, bytes);
        frames.get(frames.size() - 1).writeBytes(bytes);
      }
    }
    return frames.stream().map(ByteArrayOutputStream::toByteArray).toList();
  }

  private static void check(boolean condition, String rule) throws UnreadablePicture {
    if (!condition) {
      throw UnreadablePicture.damaged(rule);
    }
  }

  private static Pixels decode(ByteBuffer header, byte[] frame) throws UnreadablePicture {
    byte[] head = new byte[header.remaining()];
    header.get(0, head);
    PngWriter writer = new PngWriter();
    writer.begin(head, List.of());
    writer.chunk("IDAT", frame);
    Pixels rgb = new PictureReader(Long.MAX_VALUE, Integer.MAX_VALUE).read(writer.end());
    return head[PngChunks.COLOR] == PngWriter.COLOR_GREY ? rgb.toGrey() : rgb;
  }
}
