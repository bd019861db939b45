package io.darkroom.json;

/** Thrown if a configuration file of a model package cannot be read. */
public final class DamagedConfig extends Exception {
  private static final long serialVersionUID = 1L;
  private final String reason;

  DamagedConfig(String file, String reason) {
    super(file + ": " + reason);
    this.reason = reason;
  }

  /** Returns the problem without the file's name. */
  public String reason() {
    return reason;
  }
}
