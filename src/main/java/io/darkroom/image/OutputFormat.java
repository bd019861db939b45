package io.darkroom.image;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A file format of results. Each format is one file in {@code image.format} and is found through
 * {@link java.util.ServiceLoader}.
 */
public interface OutputFormat {

  /** Returns the name in requests, which is also the file's extension, e.g. {@code png}. */
  String name();

  /** Returns the HTTP media type, e.g. {@code image/png}. */
  String mediaType();

  /** Returns whether the first bytes of a file are those of this format. */
  boolean recognizes(byte[] file);

  /** Returns whether a file can hold results of a medium with this number of channels. */
  boolean holds(Medium medium, int channels);

  /** Returns the default quality, 1 to 100; empty if the format is lossless by default. */
  default OptionalInt standardQuality() {
    return OptionalInt.empty();
  }

  /** Returns whether a request may give a quality. */
  default boolean takesQuality() {
    return standardQuality().isPresent();
  }

  /** Returns whether a picture can have an opacity as its last channel. */
  default boolean holdsOpacity(Medium medium) {
    return false;
  }

  /** Returns whether a file can have a colour profile. */
  default boolean holdsProfile() {
    return false;
  }

  /**
   * Returns the name of the format of a second file of the same result, for image viewers, which is
   * stored next to the file; empty for none.
   */
  default Optional<String> animation(Medium medium) {
    return Optional.empty();
  }

  /** Returns the maximum width and height of a picture. */
  default int mostSide() {
    return Integer.MAX_VALUE;
  }

  /**
   * Returns the bits that a sample can have, the default first; empty if requests cannot choose
   * them and samples are float32.
   *
   * @param medium a medium that the format holds
   */
  List<Integer> bits(Medium medium);

  /** Returns the file of a result. */
  Encoded encode(Result result);

  /**
   * A finished result.
   *
   * @param values in about [-1, 1]; data of other media unchanged; read only
   * @param shape {@code [C, H, W]} of a picture, {@code [C, L]} or {@code [L]} of a sound, {@code
   *     [C, F, H, W]} of a film
   * @param medium its medium
   * @param texts texts to embed, if the format supports them
   * @param quality quality of a lossy file, 1 to 100
   * @param bits bits of a sample; empty = the format's default
   * @param compression compression level of a lossless format, 0 (none) to 9
   * @param carried what it takes over from the picture that it enlarges; only what the format holds
   */
  @SuppressWarnings("ArrayRecordComponent") // values of an image, never compared
  record Result(
      float[] values,
      List<Integer> shape,
      Medium medium,
      List<EmbeddedText> texts,
      OptionalInt quality,
      OptionalInt bits,
      int compression,
      Carried carried) {

    public Result {
      shape = List.copyOf(shape);
      texts = List.copyOf(texts);
    }

    /** Creates a result that takes over nothing. */
    public Result(
        float[] values,
        List<Integer> shape,
        Medium medium,
        List<EmbeddedText> texts,
        OptionalInt quality,
        OptionalInt bits,
        int compression) {
      this(values, shape, medium, texts, quality, bits, compression, Carried.NOTHING);
    }

    /** Returns the number of channels; 1 if the shape has only sides. */
    public int channels() {
      return shape.size() > medium.sides() ? shape.get(0) : 1;
    }

    /**
     * Returns the shape of the stored result: {@code [F, H, W, C]} of a film, with one more channel
     * of a picture with an opacity, else the same.
     */
    public List<Integer> storedShape() {
      if (carried.opacity().isPresent()) {
        return List.of(shape.get(0) + 1, shape.get(1), shape.get(2));
      }
      return medium.is(Medium.Kind.FILM) ? Frames.interleaved(shape) : shape;
    }

    /** Returns the frames of a film. */
    public List<Pixels> frames() {
      return Frames.of(values, shape);
    }

    /** Returns the values of a picture as 8-bit pixels, with its opacity if it has one. */
    public Pixels pixels() {
      Pixels opaque = Pixels.ofTensor(values, shape.get(0), shape.get(1), shape.get(2));
      return carried.opacity().map(opaque::withoutWhite).orElse(opaque);
    }

    /** Returns 16-bit data as pixels. */
    public DeepPixels deepPixels() {
      return DeepPixels.of(values, shape.get(0), shape.get(1), shape.get(2));
    }
  }

  /**
   * A file.
   *
   * @param bytes content of the file
   * @param contentSha256 digest of the pixels or numbers, independent of compression and texts
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes of a file, never compared
  record Encoded(byte[] bytes, String contentSha256) {}
}
