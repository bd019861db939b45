package io.darkroom.diffusion.sampler;

/** Bytes that are no {@link TrajectoryState} of the render at hand; the message says why. */
public final class DamagedState extends Exception {
  private static final long serialVersionUID = 1L;

  DamagedState(String message) {
    super("trajectory state: " + message);
  }
}
