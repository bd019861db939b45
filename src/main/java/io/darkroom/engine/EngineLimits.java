package io.darkroom.engine;

import java.time.Duration;

/**
 * Bounds on what the engine holds.
 *
 * @param slots images under way at once
 * @param ageing waiting that raises a slot by one priority level
 * @param memory of its packages
 */
public record EngineLimits(int slots, Duration ageing, ModelMemory memory) {

  /** Limits of an engine whose packages all stay open. */
  public EngineLimits(int slots, Duration ageing) {
    this(slots, ageing, ModelMemory.UNLIMITED);
  }

  public EngineLimits {
    if (slots < 1 || ageing.isNegative() || ageing.isZero()) {
      throw new IllegalArgumentException(
          "slots and ageing must be above 0, are " + slots + ", " + ageing);
    }
  }
}
