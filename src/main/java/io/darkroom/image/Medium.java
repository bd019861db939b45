package io.darkroom.image;

/**
 * The medium of results: pictures, films, sounds, tensors or 16-bit integers.
 *
 * @param kind kind of the medium
 * @param sides dimensions of a result after its channels
 * @param rate samples of a sound, or frames of a film, per second; 0 for other kinds
 */
public record Medium(Kind kind, int sides, int rate) {
  /** Pictures, {@code [C, H, W]}. */
  public static final Medium PICTURE = new Medium(Kind.PICTURE, 2, 0);

  /**
   * Creates the medium of plain numbers.
   *
   * @param sides 0, {@code [C]}, or more
   */
  public static Medium tensor(int sides) {
    return new Medium(Kind.TENSOR, sides, 0);
  }

  /**
   * Creates the medium of integers from 0 to 65535.
   *
   * @param sides 0, {@code [C]}, or more
   */
  public static Medium uint16(int sides) {
    return new Medium(Kind.UINT16, sides, 0);
  }

  /** Creates the medium of sounds, {@code [C, L]}. */
  public static Medium sound(int sampleRate) {
    return new Medium(Kind.SOUND, 1, sampleRate);
  }

  /** Creates the medium of films, {@code [C, F, H, W]}. */
  public static Medium film(int frameRate) {
    return new Medium(Kind.FILM, 3, frameRate);
  }

  /** Kinds of media. */
  public enum Kind {
    /** Shape after the channels: height and width. */
    PICTURE("png"),
    /** Shape after the channels: frames, height and width. */
    FILM("npy"),
    /** Shape after the channels: time. */
    SOUND("wav"),
    /** Plain numbers. */
    TENSOR("npy"),
    /** Integers from 0 to 65535. */
    UINT16("npy");

    private final String format;

    Kind(String format) {
      this.format = format;
    }
  }

  /** Returns whether the medium is of a kind. */
  public boolean is(Kind other) {
    return kind == other;
  }

  /** Returns whether results have two sides, as pictures and some tensors have. */
  public boolean hasTwoSides() {
    return sides == 2;
  }

  /** Returns the name of the default format. */
  public String standardFormat() {
    return kind.format;
  }
}
