package io.darkroom.json;

/** Bytes that {@link StrictJson} refuses. */
final class NotJson extends Exception {
  private static final long serialVersionUID = 1L;
  private final String reason;

  NotJson(String reason) {
    super(reason);
    this.reason = reason;
  }

  /** What about the bytes, one sentence without a subject. */
  String reason() {
    return reason;
  }
}
