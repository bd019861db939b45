package io.darkroom.demo;

/** Thrown if the demo cannot continue; the message is one line with the reason. */
public final class DemoFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DemoFailure(String message) {
    super(message);
  }
}
