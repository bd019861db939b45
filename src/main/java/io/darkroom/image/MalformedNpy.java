package io.darkroom.image;

/** Thrown if bytes are not an NPY file that {@link Npy} can read, or if the file is too large. */
public final class MalformedNpy extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message the broken rule and the value
   */
  MalformedNpy(String message) {
    super(message);
  }
}
