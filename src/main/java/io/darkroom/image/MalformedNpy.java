package io.darkroom.image;

/** Bytes that are not an NPY file of the kinds that {@link Npy} reads, or one that is too large. */
public final class MalformedNpy extends Exception {
  private static final long serialVersionUID = 1L;

  /** The rule that is broken, and by what. */
  MalformedNpy(String message) {
    super(message);
  }
}
