package io.darkroom.engine;

/** A run that the device could not do. */
public final class DeviceFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is left of the device. */
  public enum Kind {
    /** Fewer rows might fit. */
    OUT_OF_MEMORY,
    /** The device or the runtime is gone: the process should end. */
    LOST
  }

  private final Kind kind;

  public DeviceFailure(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What is left of the device. */
  public Kind kind() {
    return kind;
  }
}
