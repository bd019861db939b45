package io.darkroom.engine;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Makes room for open packages by closing the least recently used ones, except those that are in
 * use or pinned. Engine thread only.
 */
final class ModelRoom {
  private final ModelMemory memory;
  private final ModelCache.Users users;
  private final Collection<ModelPlace> places;

  /**
   * @param places live view of all packages
   */
  ModelRoom(ModelMemory memory, ModelCache.Users users, Collection<ModelPlace> places) {
    this.memory = memory;
    this.users = users;
    this.places = places;
  }

  /**
   * Returns whether the packages that cannot be closed leave enough memory. Also returns true if
   * there is no such package, because waiting would not free any memory.
   */
  boolean has(ModelPlace wanted, long bytes) {
    long staying = 0;
    boolean used = false;
    for (ModelPlace other : places) {
      if (other != wanted && other.isOpen() && !isIdle(other)) {
        staying += other.bytes();
        used |= users.uses(other.networks());
      }
    }
    return !used || staying + bytes <= budget();
  }

  /** Closes other packages until enough memory is free, or no further package may be closed. */
  void make(ModelPlace wanted, long bytes) {
    long taken = places.stream().mapToLong(ModelPlace::heldBytes).sum();
    while (taken > budget() - bytes) {
      Optional<ModelPlace> oldest =
          places.stream()
              .filter(place -> place != wanted && place.isOpen() && isIdle(place))
              .min(Comparator.comparingLong(ModelPlace::usedNanos));
      if (oldest.isEmpty()) {
        return;
      }
      taken -= oldest.get().bytes();
      close(oldest.get());
    }
  }

  /** Closes an open package unless images run on it. Returns whether it is closed. */
  boolean closed(ModelPlace place) {
    boolean unused = !users.uses(place.networks());
    if (unused) {
      close(place);
    }
    return unused;
  }

  private void close(ModelPlace place) {
    users.release(place.networks());
    place.close();
  }

  private boolean isIdle(ModelPlace place) {
    return !memory.pinned().contains(place.name()) && !users.uses(place.networks());
  }

  private long budget() {
    return memory.budget().orElse(Long.MAX_VALUE);
  }
}
