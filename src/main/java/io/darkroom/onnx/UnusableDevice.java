package io.darkroom.onnx;

/** Thrown if the configured device does not work here; the message is one line with the reason. */
public final class UnusableDevice extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnusableDevice(String message) {
    super(message);
  }
}
