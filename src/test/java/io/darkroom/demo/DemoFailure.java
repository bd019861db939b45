package io.darkroom.demo;

/** The demo cannot go on; the message is the one line why. */
public final class DemoFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DemoFailure(String message) {
    super(message);
  }
}
