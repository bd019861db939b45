package io.darkroom.engine;

import io.darkroom.job.ErrorClass;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The packages of an engine, open or closed. Closed ones are opened when a job needs them, at most
 * one a turn so that the jobs under way are not held up for long; room is made by closing those
 * used least recently, never one that is in use or pinned. Engine thread only.
 */
final class ModelCache {
  private static final System.Logger LOG = System.getLogger(ModelCache.class.getName());

  private final ModelMemory memory;
  private final Users users;
  private final Map<String, Place> places = new LinkedHashMap<>();
  private long nowNanos;
  private boolean openedThisTurn;
  private @Nullable ActiveJob firstWithoutRoom;

  ModelCache(ModelMemory memory, Users users) {
    this.memory = memory;
    this.users = users;
  }

  /** Which networks are in use. */
  interface Users {
    /** Whether images are under way in them. */
    boolean use(Networks networks);

    /** They are about to be closed and not in use. */
    void release(Networks networks);
  }

  /** A package's place. */
  private static final class Place {
    private final String name;
    private final Callable<Networks> opener;
    private @Nullable Networks open;
    private long bytes;
    private long usedNanos;
    private long loads;

    Place(String name, Callable<Networks> opener) {
      this.name = name;
      this.opener = opener;
    }
  }

  /** Opens a package for the first time; others may be closed for it. */
  Networks add(Callable<Networks> opener, long now) throws Exception {
    Networks networks = opener.call();
    Place place = new Place(networks.card().name(), opener);
    @Nullable Place before = places.put(place.name, place);
    if (before != null) {
      close(before);
    }
    opened(place, networks, now);
    makeRoom(place, 0);
    return networks;
  }

  /** A turn of the engine begins. */
  void turn(long now) {
    nowNanos = now;
    openedThisTurn = false;
    firstWithoutRoom = null;
  }

  /**
   * The networks for the next job, opened if need be; empty where it has to wait, or cannot be done
   * and is ended. To be asked in the order in which jobs are admitted.
   */
  Optional<Networks> networksFor(ActiveJob job) {
    String name = job.stage().model().name();
    @Nullable Place place = places.get(name);
    if (place == null) {
      job.broken(ErrorClass.MODEL, "model: " + name + " is not loaded");
      return Optional.empty();
    }
    if (place.open != null) {
      return mayUse(place) ? Optional.of(used(place)) : Optional.empty();
    }
    if (!openedThisTurn && hasRoom(place, place.bytes)) {
      return reopened(place, job);
    }
    firstWithoutRoom = firstWithoutRoom == null ? job : firstWithoutRoom;
    return Optional.empty();
  }

  /** Whether a package was opened in this turn. */
  boolean opened() {
    return openedThisTurn;
  }

  /**
   * Whether calls of the job's samples fit too, as far as what was measured with the package's own
   * tells; room is made for them. True where no other package could make room.
   */
  boolean fits(ActiveJob job, Networks networks) {
    Place place = Objects.requireNonNull(places.get(networks.card().name()));
    long bytes = networks.findings().bytesWith(job.sample());
    if (bytes <= place.bytes) {
      return true;
    }
    if (!hasRoom(place, bytes)) {
      firstWithoutRoom = firstWithoutRoom == null ? job : firstWithoutRoom;
      return false;
    }
    makeRoom(place, bytes - place.bytes);
    place.bytes = bytes;
    return true;
  }

  /** An image of these networks was finished. */
  void finished(Networks networks, long now) {
    @Nullable Place place = places.get(networks.card().name());
    if (place != null) {
      place.usedNanos = now;
    }
  }

  /** Each package's state, by name. */
  Map<String, EngineSnapshot.Model> counts() {
    Map<String, EngineSnapshot.Model> counts = new LinkedHashMap<>();
    for (Place place : places.values()) {
      counts.put(
          place.name, new EngineSnapshot.Model(place.open == null ? 0 : place.bytes, place.loads));
    }
    return counts;
  }

  void close() {
    places.values().forEach(ModelCache::close);
    places.clear();
  }

  /** Those that keep the room in use wait behind one that has waited for room long enough. */
  private boolean mayUse(Place place) {
    return firstWithoutRoom == null
        || memory.pinned().contains(place.name)
        || nowNanos - firstWithoutRoom.submittedNanos() < memory.patience().toNanos();
  }

  private Networks used(Place place) {
    place.usedNanos = nowNanos;
    return Objects.requireNonNull(place.open);
  }

  private Optional<Networks> reopened(Place place, ActiveJob job) {
    openedThisTurn = true;
    makeRoom(place, place.bytes);
    try {
      Networks networks = place.opener.call();
      opened(place, networks, nowNanos);
      return Optional.of(networks);
    } catch (DeviceFailure failure) {
      FailurePolicy.end(job, failure);
    } catch (Exception failure) { // whatever the opener meets, only this job depends on it
      LOG.log(Level.ERROR, "model not loaded again job=" + job.job().id(), failure);
      job.broken(
          ErrorClass.MODEL, "model: cannot be loaded again; the worker's log has the details");
    }
    return Optional.empty();
  }

  private static void opened(Place place, Networks networks, long now) {
    place.open = networks;
    place.bytes = networks.findings().bytes();
    place.usedNanos = now;
    place.loads++;
  }

  /**
   * Whether what has to stay open leaves so much; where nothing has to, there is no more to get.
   */
  private boolean hasRoom(Place wanted, long bytes) {
    long staying = 0;
    boolean used = false;
    for (Place other : places.values()) {
      if (other != wanted && other.open != null && !idle(other)) {
        staying += other.bytes;
        used |= users.use(other.open);
      }
    }
    return !used || staying + bytes <= memory.budget().orElse(Long.MAX_VALUE);
  }

  private void makeRoom(Place wanted, long bytes) {
    long budget = memory.budget().orElse(Long.MAX_VALUE);
    long taken = places.values().stream().mapToLong(ModelCache::bytes).sum();
    while (taken > budget - bytes) {
      Optional<Place> oldest =
          places.values().stream()
              .filter(place -> place != wanted && place.open != null && idle(place))
              .min(Comparator.comparingLong(place -> place.usedNanos));
      if (oldest.isEmpty()) {
        return;
      }
      taken -= oldest.get().bytes;
      users.release(Objects.requireNonNull(oldest.get().open));
      close(oldest.get());
    }
  }

  private boolean idle(Place place) {
    return !memory.pinned().contains(place.name) && !users.use(Objects.requireNonNull(place.open));
  }

  private static long bytes(Place place) {
    return place.open == null ? 0 : place.bytes;
  }

  private static void close(Place place) {
    Networks open = place.open;
    if (open != null) {
      place.open = null;
      open.close();
    }
  }
}
