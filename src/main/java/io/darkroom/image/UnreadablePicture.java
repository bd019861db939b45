package io.darkroom.image;

/** A file that is not taken as a picture; the message says why. */
public final class UnreadablePicture extends Exception {
  private static final long serialVersionUID = 1L;

  /** What kind of trouble it is. */
  public enum Reason {
    /** Neither PNG nor JPEG by its first bytes, or a kind of them that is not read. */
    UNSUPPORTED,
    /** More bytes, pixels or parts than allowed. */
    TOO_LARGE,
    /** Cut short, changed or inconsistent. */
    DAMAGED
  }

  private final Reason reason;

  UnreadablePicture(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** What kind of trouble it is. */
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
