package io.darkroom.image;

/** Thrown if bytes are not a WAV file that {@link Wav} can read. */
public final class MalformedWav extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message the broken rule
   */
  MalformedWav(String message) {
    super(message);
  }
}
