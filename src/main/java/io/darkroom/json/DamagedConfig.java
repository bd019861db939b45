package io.darkroom.json;

/** A configuration file of a model package that cannot be read. */
public final class DamagedConfig extends Exception {
  private static final long serialVersionUID = 1L;
  private final String reason;

  DamagedConfig(String file, String reason) {
    super(file + ": " + reason);
    this.reason = reason;
  }

  /** What about the file, without its name. */
  public String reason() {
    return reason;
  }
}
