package io.darkroom.image;

import java.util.List;
import java.util.OptionalInt;

/**
 * A file format of results. One file per format in {@code image.format}, found through {@link
 * java.util.ServiceLoader}: nothing else names it.
 */
public interface OutputFormat {

  /** The name in requests, which is the file's extension, too: {@code png}. */
  String name();

  /** As HTTP names it: {@code image/png}. */
  String mediaType();

  /** Whether it can hold results of so many channels. */
  boolean holds(int channels);

  /** The quality where a request gives none, 1 to 100; empty for formats that lose nothing. */
  default OptionalInt standardQuality() {
    return OptionalInt.empty();
  }

  /** The file of a result. */
  Encoded encode(Result result);

  /**
   * A finished result.
   *
   * @param values {@code [C, H, W]} in about [-1, 1]; not written to
   * @param texts that the file carries in addition, where the format can
   * @param quality of a lossy format, 1 to 100
   * @param compression of a format that loses nothing, 0 (none) to 9
   */
  @SuppressWarnings("ArrayRecordComponent") // values of an image, never compared
  record Result(
      float[] values,
      int channels,
      int height,
      int width,
      List<EmbeddedText> texts,
      OptionalInt quality,
      int compression) {

    public Result {
      texts = List.copyOf(texts);
    }

    /** The values as 8-bit pixels. */
    public Pixels pixels() {
      return Pixels.ofTensor(values, channels, height, width);
    }
  }

  /**
   * A file.
   *
   * @param bytes of it
   * @param contentSha256 digest of the pixels or numbers, independent of compression and texts
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes of a file, never compared
  record Encoded(byte[] bytes, String contentSha256) {}
}
