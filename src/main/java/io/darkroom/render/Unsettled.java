package io.darkroom.render;

/**
 * Thrown if this worker neither decides the outcome of a request nor retries it. The record stays
 * unacknowledged and is redelivered.
 */
public class Unsettled extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Unsettled(String message) {
    super(message);
  }
}
