package io.darkroom.render;

/**
 * Thrown if a request must make room for others, because too many requests wait for models that are
 * being loaded. It is tried again later, and this does not count as a failure.
 */
public final class TryLater extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TryLater(String message) {
    super(message);
  }
}
