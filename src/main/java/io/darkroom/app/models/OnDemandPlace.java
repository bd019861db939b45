package io.darkroom.app.models;

import io.darkroom.render.Models.Answer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One package on demand: waiting, loaded or refused. Requests that name it share its answer. {@link
 * OnDemandModels} guards it.
 */
final class OnDemandPlace {
  private final String name;
  private final CompletableFuture<Answer> answer = new CompletableFuture<>();
  private Optional<Answer> kept = Optional.empty();
  private Optional<OnDemandPackages.Cached> cached = Optional.empty();
  private long endNanos;
  private int users;
  private long usedNanos;

  OnDemandPlace(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  CompletableFuture<Answer> answer() {
    return answer;
  }

  /** Counts a request that begins to use it. */
  void enter(long now) {
    users++;
    usedNanos = now;
  }

  /** Counts a request that no longer uses it. */
  void leave(long now) {
    users--;
    usedNanos = now;
  }

  int users() {
    return users;
  }

  /** Returns whether its package is loaded or refused. */
  boolean decided() {
    return kept.isPresent();
  }

  long usedNanos() {
    return usedNanos;
  }

  /** Keeps the loaded model and its files. */
  void load(Answer.Loaded loaded, OnDemandPackages.Cached files) {
    kept = Optional.of(loaded);
    cached = Optional.of(files);
  }

  /** Keeps a refusal until a time. */
  void refuse(Answer refusal, long until) {
    kept = Optional.of(refusal);
    endNanos = until;
  }

  /** Returns whether a refusal is over. */
  boolean over(long now) {
    return kept.isPresent() && loaded().isEmpty() && now - endNanos >= 0;
  }

  /** Returns the loaded model. */
  Optional<Answer.Loaded> loaded() {
    return kept.filter(Answer.Loaded.class::isInstance).map(Answer.Loaded.class::cast);
  }

  /** Returns why the package is broken. */
  Optional<String> broken() {
    return kept.filter(Answer.Broken.class::isInstance)
        .map(broken -> ((Answer.Broken) broken).reason());
  }

  /** Returns the files of the loaded model. */
  Optional<OnDemandPackages.Cached> files() {
    return cached;
  }
}
