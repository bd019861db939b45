package io.darkroom.app.models;

import io.darkroom.engine.LoadedModel;
import io.darkroom.render.Models.Answer;
import io.darkroom.render.ServedModels;
import io.darkroom.render.TryLater;
import io.darkroom.render.Unsettled;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The packages on demand that are waiting, loaded or refused. Safe for use by many threads. */
final class OnDemandPlaces {
  private final int most;
  private final int mostWaiting;
  private final Map<String, OnDemandPlace> places = new HashMap<>();
  private boolean released;

  /**
   * @param most maximum number of loaded packages
   * @param mostWaiting maximum number of requests that wait
   */
  OnDemandPlaces(int most, int mostWaiting) {
    this.most = most;
    this.mostWaiting = mostWaiting;
  }

  /**
   * A place that a request uses.
   *
   * @param fresh whether it is new, so that the caller must find its answer
   */
  record Entered(OnDemandPlace place, boolean fresh) {}

  /**
   * Counts a request that begins to use a package. If the package is not loaded and the request may
   * not wait for it, the answer of the place says so.
   */
  synchronized Entered enter(String name, long now) {
    places.values().removeIf(place -> place.over(now));
    OnDemandPlace place = places.getOrDefault(name, new OnDemandPlace(name));
    Optional<RuntimeException> refusal = place.decided() ? Optional.empty() : refusal();
    if (refusal.isPresent()) {
      place = new OnDemandPlace(name);
      place.answer().completeExceptionally(refusal.get());
    }
    boolean fresh = refusal.isEmpty() && places.putIfAbsent(name, place) == null;
    place.enter(now);
    return new Entered(place, fresh);
  }

  /** Returns why no further request may wait; empty if one may. */
  private Optional<RuntimeException> refusal() {
    if (released) {
      return Optional.of(stopped());
    }
    int waiting =
        places.values().stream()
            .filter(each -> !each.decided())
            .mapToInt(OnDemandPlace::users)
            .sum();
    return waiting < mostWaiting
        ? Optional.empty()
        : Optional.of(new TryLater(waiting + " requests wait for models that are being loaded"));
  }

  synchronized void leave(OnDemandPlace place, long now) {
    place.leave(now);
  }

  /** Removes a place that no request uses. Returns whether it was removed. */
  synchronized boolean abandon(OnDemandPlace place) {
    return place.users() == 0 && remove(place);
  }

  synchronized boolean remove(OnDemandPlace place) {
    return places.remove(place.name(), place);
  }

  synchronized void load(OnDemandPlace place, Answer.Loaded loaded, OnDemandPackages.Cached files) {
    place.load(loaded, files);
  }

  synchronized void refuse(OnDemandPlace place, Answer refusal, long until) {
    place.refuse(refusal, until);
  }

  /** Returns whether another package may only be loaded if one is unloaded. */
  synchronized boolean full() {
    return places.values().stream().filter(place -> place.loaded().isPresent()).count() >= most;
  }

  /** Removes the loaded package that no request uses and whose last use was first. */
  synchronized Optional<OnDemandPlace> takeIdle() {
    Optional<OnDemandPlace> idle =
        places.values().stream()
            .filter(place -> place.loaded().isPresent() && place.users() == 0)
            .min(Comparator.comparingLong(OnDemandPlace::usedNanos));
    idle.ifPresent(this::remove);
    return idle;
  }

  synchronized ServedModels loaded() {
    Map<String, LoadedModel> models = new HashMap<>();
    for (OnDemandPlace place : places.values()) {
      place.loaded().ifPresent(loaded -> models.put(place.name(), loaded.model()));
    }
    return new ServedModels(models);
  }

  /** Returns why packages are refused. */
  synchronized List<String> broken() {
    return places.values().stream().flatMap(place -> place.broken().stream()).sorted().toList();
  }

  /** Ends all waits, also those that begin later. */
  synchronized void release() {
    released = true;
    places.values().forEach(place -> place.answer().completeExceptionally(stopped()));
  }

  /** Returns all places. */
  synchronized List<OnDemandPlace> all() {
    return List.copyOf(places.values());
  }

  private static Unsettled stopped() {
    return new Unsettled("the worker shut down before the model was loaded");
  }
}
