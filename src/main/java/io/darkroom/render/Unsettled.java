package io.darkroom.render;

/**
 * This worker does not decide the outcome of a request and does not retry it. The record stays
 * unacknowledged and is redelivered.
 */
public class Unsettled extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Unsettled(String message) {
    super(message);
  }
}
