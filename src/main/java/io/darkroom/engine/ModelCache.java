package io.darkroom.engine;

import io.darkroom.job.ErrorClass;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The packages of an engine, open or closed. A closed package is opened when a job needs it, at
 * most one per iteration so that running jobs do not wait long. Engine thread only.
 */
final class ModelCache {
  private static final System.Logger LOG = System.getLogger(ModelCache.class.getName());

  private final ModelMemory memory;
  private final Map<String, ModelPlace> places = new LinkedHashMap<>();
  private final List<ModelPlace> removed = new ArrayList<>();
  private final ModelRoom room;
  private long nowNanos;
  private boolean openedThisTurn;
  private @Nullable ActiveJob firstWithoutRoom;

  ModelCache(ModelMemory memory, Users users) {
    this.memory = memory;
    this.room = new ModelRoom(memory, users, places.values());
  }

  /** Knows which networks are in use. */
  interface Users {
    /** Returns whether images are running on the networks. */
    boolean uses(Networks networks);

    /** Releases the calls of networks that are about to be closed. */
    void release(Networks networks);
  }

  /** Opens a package for the first time; other packages may be closed to make room. */
  Networks add(Callable<Networks> opener, long now) throws Exception {
    Networks networks = opener.call();
    ModelPlace place = new ModelPlace(networks.card().name(), opener);
    @Nullable ModelPlace before = places.put(place.name(), place);
    if (before != null) {
      before.close();
    }
    place.setNetworks(networks, now);
    room.make(place, 0);
    return networks;
  }

  /** Removes a package. It is closed in an iteration in which no image runs on it. */
  void remove(String name) {
    @Nullable ModelPlace place = places.remove(name);
    if (place != null) {
      removed.add(place);
    }
  }

  /** Closes the removed packages that no image uses. */
  void closeRemoved() {
    removed.removeIf(place -> !place.isOpen() || room.closed(place));
  }

  /** Starts an iteration of the engine. */
  void beginIteration(long now) {
    nowNanos = now;
    openedThisTurn = false;
    firstWithoutRoom = null;
  }

  /**
   * Returns the networks of a job, opened if necessary; empty if the job must wait, or if it cannot
   * be done and was ended. Call it in the order in which jobs are admitted.
   */
  Optional<Networks> networksFor(ActiveJob job) {
    String name = job.stage().model().name();
    @Nullable ModelPlace place = places.get(name);
    if (place == null) {
      job.fail(ErrorClass.MODEL, "model: " + name + " is not loaded");
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

  /** Returns whether a package was opened in this iteration. */
  boolean opened() {
    return openedThisTurn;
  }

  /**
   * Returns whether there is memory for calls with the job's samples, as estimated from measured
   * calls; closes other packages to make room. Also returns true if closing packages cannot make
   * more room.
   */
  boolean fits(ActiveJob job, Networks networks) {
    ModelPlace place = Objects.requireNonNull(places.get(networks.card().name()));
    long bytes = networks.bytesFor(job.stage());
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

  /** Records that an image was finished on these networks. */
  void finished(Networks networks, long now) {
    @Nullable ModelPlace place = places.get(networks.card().name());
    if (place != null) {
      place.used(now);
    }
  }

  /** Returns each package's state, by name. */
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
    removed.forEach(ModelPlace::close);
    removed.clear();
  }

  /**
   * Returns whether a job may use an open package. It must wait if another job has waited too long
   * for room.
   */
  private boolean mayUse(ModelPlace place) {
    return firstWithoutRoom == null
        || memory.pinned().contains(place.name())
        || nowNanos - firstWithoutRoom.submittedNanos() < memory.overtakeLimit().toNanos();
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
    } catch (Exception failure) { // A failure of the opener ends only this job.
      LOG.log(Level.ERROR, "model not loaded again job=" + job.job().id(), failure);
      job.fail(ErrorClass.MODEL, "model: cannot be loaded again; the worker's log has the details");
    }
    return Optional.empty();
  }
}
