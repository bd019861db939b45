package io.darkroom.image;

/** Thrown if a file is not accepted as a picture; the message says why. */
public final class UnreadablePicture extends Exception {
  private static final long serialVersionUID = 1L;

  /** The kinds of errors. */
  public enum Reason {
    /** The first bytes are neither PNG nor JPEG, or the variant is not supported. */
    UNSUPPORTED,
    /** More bytes, pixels or chunks than allowed. */
    TOO_LARGE,
    /** Truncated, changed or inconsistent. */
    DAMAGED
  }

  private final Reason reason;

  UnreadablePicture(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Returns the kind of the error. */
  public Reason reason() {
    return reason;
  }

  static UnreadablePicture damaged(String message) {
    return new UnreadablePicture(Reason.DAMAGED, message);
  }

  static UnreadablePicture tooLarge(String message) {
    return new UnreadablePicture(Reason.TOO_LARGE, message);
  }
}
