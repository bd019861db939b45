package io.darkroom.app.models;

import java.io.IOException;

/** Thrown if a prefix of packages cannot be used; the message is one line. */
public final class UnusableModels extends IOException {
  private static final long serialVersionUID = 1L;

  UnusableModels(String message) {
    super(message);
  }

  UnusableModels(String message, Throwable cause) {
    super(message, cause);
  }
}
