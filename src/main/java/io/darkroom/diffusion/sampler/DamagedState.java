package io.darkroom.diffusion.sampler;

/** Thrown if bytes are not a {@link TrajectoryState} of the given render; the message says why. */
public final class DamagedState extends Exception {
  private static final long serialVersionUID = 1L;

  public DamagedState(String message) {
    super("trajectory state: " + message);
  }
}
