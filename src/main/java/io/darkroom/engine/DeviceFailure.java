package io.darkroom.engine;

import org.jspecify.annotations.Nullable;

/** A failed run of a network. */
public final class DeviceFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The state of the device after the failure. */
  public enum Kind {
    /** Out of memory; a call with fewer rows may succeed. */
    OUT_OF_MEMORY,
    /** The network refused the inputs. The network and the device still work. */
    REFUSED,
    /** The device or the runtime has failed; the process must end. */
    LOST
  }

  private final Kind kind;

  public DeviceFailure(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Creates the failure of inputs that the network does not accept. */
  public static DeviceFailure refused(String message) {
    return new DeviceFailure(Kind.REFUSED, message, null);
  }

  /** Returns the state of the device after the failure. */
  public Kind kind() {
    return kind;
  }
}
