package io.darkroom.json;

/** Thrown if {@link StrictJson} refuses bytes. */
final class NotJson extends Exception {
  private static final long serialVersionUID = 1L;
  private final String reason;

  NotJson(String reason) {
    super(reason);
    this.reason = reason;
  }

  /** Returns the problem, one sentence without a subject. */
  String reason() {
    return reason;
  }
}
