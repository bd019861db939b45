package io.darkroom.image;

import java.util.List;

/**
 * The medium of results: pictures, sounds, tensors or 16-bit integers.
 *
 * @param kind kind of the medium
 * @param sides dimensions of a result after its channels
 * @param sampleRate samples per second of a sound; 0 for other kinds
 */
public record Medium(Kind kind, int sides, int sampleRate) {
  /** Pictures, {@code [C, H, W]}. */
  public static final Medium PICTURE = new Medium(Kind.PICTURE, 2, 0);

  /**
   * Creates the medium of plain numbers.
   *
   * @param sides 0, {@code [C]}, to 2, {@code [C, H, W]}
   */
  public static Medium tensor(int sides) {
    return new Medium(Kind.TENSOR, sides, 0);
  }

  /**
   * Creates the medium of integers from 0 to 65535.
   *
   * @param sides 0, {@code [C]}, to 2, {@code [C, H, W]}
   */
  public static Medium uint16(int sides) {
    return new Medium(Kind.UINT16, sides, 0);
  }

  /** Creates the medium of sounds, {@code [C, L]}. */
  public static Medium sound(int sampleRate) {
    return new Medium(Kind.SOUND, 1, sampleRate);
  }

  /** Kinds of media. */
  public enum Kind {
    /** Shape after the channels: height and width. */
    PICTURE("png", List.of()),
    /** Shape after the channels: time. */
    SOUND("wav", List.of("audio_length_in_s")),
    /** Plain numbers. */
    TENSOR("npy", List.of()),
    /** Integers from 0 to 65535. */
    UINT16("npy", List.of());

    private final String format;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> arguments;

    Kind(String format, List<String> arguments) {
      this.format = format;
      this.arguments = arguments;
    }
  }

  /** Returns whether the medium is of a kind. */
  public boolean is(Kind other) {
    return kind == other;
  }

  /** Returns whether results have a width and a height, as pictures and some tensors have. */
  public boolean hasWidthAndHeight() {
    return sides == 2;
  }

  /** Returns the name of the default format. */
  public String standardFormat() {
    return kind.format;
  }

  /**
   * Returns the fields of a request, besides width and height, that set the size or length of
   * results.
   */
  public List<String> arguments() {
    return kind.arguments;
  }
}
