package io.darkroom.engine;

import java.time.Duration;

/**
 * Bounds on what the engine holds.
 *
 * @param slots images under way at once
 * @param ageing waiting that raises a slot by one priority level
 * @param memory of its packages
 * @param imageBytes of the Java heap that images under way may take, with the pictures of the jobs
 *     that have begun until they are released; a larger job is alone
 */
public record EngineLimits(int slots, Duration ageing, ModelMemory memory, long imageBytes) {

  /** Limits of an engine whose packages all stay open. */
  public EngineLimits(int slots, Duration ageing) {
    this(slots, ageing, ModelMemory.UNLIMITED);
  }

  /** Limits of an engine whose images take what they take. */
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
