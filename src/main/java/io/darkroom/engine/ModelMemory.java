package io.darkroom.engine;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Memory limit for the networks of packages. If it is not enough for all packages, the least
 * recently used ones are closed, and reopened when a request needs them.
 *
 * @param budget maximum bytes of all open packages; empty = all stay open
 * @param pinned packages that are never closed
 * @param overtakeLimit how long requests for open packages may overtake a request whose package
 *     does not fit; afterwards they wait for it
 */
public record ModelMemory(OptionalLong budget, Set<String> pinned, Duration overtakeLimit) {
  /** No limit. */
  public static final ModelMemory UNLIMITED =
      new ModelMemory(OptionalLong.empty(), Set.of(), Duration.ZERO);

  public ModelMemory {
    pinned = Set.copyOf(pinned);
    if (budget.isPresent() && budget.getAsLong() < 1) {
      throw new IllegalArgumentException(
          "budget: must be 1 byte or more, is " + budget.getAsLong());
    }
    if (overtakeLimit.isNegative()) {
      throw new IllegalArgumentException(
          "overtakeLimit: must not be negative, is " + overtakeLimit);
    }
  }
}
