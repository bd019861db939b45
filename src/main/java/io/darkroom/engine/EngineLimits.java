package io.darkroom.engine;

import java.time.Duration;

/**
 * Bounds on what the engine holds.
 *
 * @param slots images under way at once
 * @param ageing waiting that raises a slot by one priority level
 */
public record EngineLimits(int slots, Duration ageing) {

  public EngineLimits {
    if (slots < 1 || ageing.isNegative() || ageing.isZero()) {
      throw new IllegalArgumentException(
          "slots and ageing must be above 0, are " + slots + ", " + ageing);
    }
  }
}
