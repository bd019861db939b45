package io.darkroom.render;

/**
 * This worker does not decide how a request ends: there is no outcome to announce, and trying again
 * here is of no use. Its record stays unacknowledged and is redelivered to a worker.
 */
public class Unsettled extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Unsettled(String message) {
    super(message);
  }
}
