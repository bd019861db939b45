package io.darkroom.engine;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How much memory the networks of packages may take. Where it does not suffice for all, those used
 * least recently are closed to make room, and opened again when a request needs them.
 *
 * @param budget bytes of all open packages; empty = all stay open
 * @param pinned packages that stay open whatever comes
 * @param patience how long a request whose package has no room lets others pass that keep the room
 *     in use; after that they wait behind it
 */
public record ModelMemory(OptionalLong budget, Set<String> pinned, Duration patience) {
  /** Everything stays open. */
  public static final ModelMemory UNLIMITED =
      new ModelMemory(OptionalLong.empty(), Set.of(), Duration.ZERO);

  public ModelMemory {
    pinned = Set.copyOf(pinned);
    if (budget.isPresent() && budget.getAsLong() < 1) {
      throw new IllegalArgumentException(
          "budget: must be 1 byte or more, is " + budget.getAsLong());
    }
    if (patience.isNegative()) {
      throw new IllegalArgumentException("patience: must not be negative, is " + patience);
    }
  }
}
