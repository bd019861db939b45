package io.darkroom.engine;

import java.time.Duration;

/**
 * Limits of the engine.
 *
 * @param slots maximum number of images that run at the same time
 * @param ageing waiting time that raises a slot by one priority level
 * @param memory memory of its packages
 * @param imageBytes bytes of the Java heap for running images and for the pictures of begun jobs
 *     until they are released; a job that needs more runs alone
 */
public record EngineLimits(int slots, Duration ageing, ModelMemory memory, long imageBytes) {

  /** Creates limits without a limit for the memory of packages and images. */
  public EngineLimits(int slots, Duration ageing) {
    this(slots, ageing, ModelMemory.UNLIMITED);
  }

  /** Creates limits without a limit for the memory of images. */
  public EngineLimits(int slots, Duration ageing, ModelMemory memory) {
    this(slots, ageing, memory, Long.MAX_VALUE);
  }

  public EngineLimits {
    if (slots < 1 || ageing.isNegative() || ageing.isZero()) {
      throw new IllegalArgumentException(
          "slots and ageing must be above 0, are " + slots + ", " + ageing);
    }
  }
}
