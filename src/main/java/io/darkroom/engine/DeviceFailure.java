package io.darkroom.engine;

import org.jspecify.annotations.Nullable;

/** A run that the device did not do. */
public final class DeviceFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is left of the device. */
  public enum Kind {
    /** Fewer rows might fit. */
    OUT_OF_MEMORY,
    /** The network does not take these inputs; it and the device are as good as before. */
    REFUSED,
    /** The device or the runtime is gone: the process should end. */
    LOST
  }

  private final Kind kind;

  public DeviceFailure(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Inputs that cannot be given to the network. */
  public static DeviceFailure refused(String message) {
    return new DeviceFailure(Kind.REFUSED, message, null);
  }

  /** What is left of the device. */
  public Kind kind() {
    return kind;
  }
}
