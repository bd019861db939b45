package io.darkroom.engine;

import io.darkroom.job.ErrorClass;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The packages of an engine, open or closed. A closed one is opened when a job needs it, at most
 * one a turn so that the jobs under way do not wait for long. Engine thread only.
 */
final class ModelCache {
  private static final System.Logger LOG = System.getLogger(ModelCache.class.getName());

  private final ModelMemory memory;
  private final Map<String, ModelPlace> places = new LinkedHashMap<>();
  private final ModelRoom room;
  private long nowNanos;
  private boolean openedThisTurn;
  private @Nullable ActiveJob firstWithoutRoom;

  ModelCache(ModelMemory memory, Users users) {
    this.memory = memory;
    this.room = new ModelRoom(memory, users, places.values());
  }

  /** Which networks are in use. */
  interface Users {
    /** Whether images are under way in them. */
    boolean use(Networks networks);

    /** They are about to be closed and not in use. */
    void release(Networks networks);
  }

  /** Opens a package for the first time; others may be closed for it. */
  Networks add(Callable<Networks> opener, long now) throws Exception {
    Networks networks = opener.call();
    ModelPlace place = new ModelPlace(networks.card().name(), opener);
    @Nullable ModelPlace before = places.put(place.name(), place);
    if (before != null) {
      before.close();
    }
    place.opened(networks, now);
    room.make(place, 0);
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
    @Nullable ModelPlace place = places.get(name);
    if (place == null) {
      job.broken(ErrorClass.MODEL, "model: " + name + " is not loaded");
      return Optional.empty();
    }
    if (place.isOpen()) {
      return mayUse(place) ? Optional.of(used(place)) : Optional.empty();
    }
    if (!openedThisTurn && room.has(place, place.bytes())) {
      return reopened(place, job);
    }
    waitsForRoom(job);
    return Optional.empty();
  }

  /** Whether a package was opened in this turn. */
  boolean opened() {
    return openedThisTurn;
  }

  /**
   * Whether calls of the job's samples fit too, as estimated from the calls that were measured;
   * room is made for them. True where no other package could make room.
   */
  boolean fits(ActiveJob job, Networks networks) {
    ModelPlace place = Objects.requireNonNull(places.get(networks.card().name()));
    long bytes = networks.findings().bytesWith(job.sample());
    if (bytes <= place.bytes()) {
      return true;
    }
    if (!room.has(place, bytes)) {
      waitsForRoom(job);
      return false;
    }
    room.make(place, bytes - place.bytes());
    place.grow(bytes);
    return true;
  }

  /** An image of these networks was finished. */
  void finished(Networks networks, long now) {
    @Nullable ModelPlace place = places.get(networks.card().name());
    if (place != null) {
      place.used(now);
    }
  }

  /** Each package's state, by name. */
  Map<String, EngineSnapshot.Model> counts() {
    Map<String, EngineSnapshot.Model> counts = new LinkedHashMap<>();
    for (ModelPlace place : places.values()) {
      counts.put(place.name(), new EngineSnapshot.Model(place.heldBytes(), place.loads()));
    }
    return counts;
  }

  void close() {
    places.values().forEach(ModelPlace::close);
    places.clear();
  }

  /** A package with room waits, too, once another job has waited for room long enough. */
  private boolean mayUse(ModelPlace place) {
    return firstWithoutRoom == null
        || memory.pinned().contains(place.name())
        || nowNanos - firstWithoutRoom.submittedNanos() < memory.patience().toNanos();
  }

  private void waitsForRoom(ActiveJob job) {
    firstWithoutRoom = firstWithoutRoom == null ? job : firstWithoutRoom;
  }

  private Networks used(ModelPlace place) {
    place.used(nowNanos);
    return place.networks();
  }

  private Optional<Networks> reopened(ModelPlace place, ActiveJob job) {
    openedThisTurn = true;
    room.make(place, place.bytes());
    try {
      return Optional.of(place.open(nowNanos));
    } catch (DeviceFailure failure) {
      FailurePolicy.end(job, failure);
    } catch (Exception failure) { // whatever the opener meets, only this job depends on it
      LOG.log(Level.ERROR, "model not loaded again job=" + job.job().id(), failure);
      job.broken(
          ErrorClass.MODEL, "model: cannot be loaded again; the worker's log has the details");
    }
    return Optional.empty();
  }
}
