package io.darkroom.onnx;

/** The device that was asked for does not compute here; the message is the one line why. */
public final class UnusableDevice extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnusableDevice(String message) {
    super(message);
  }
}
