package io.darkroom.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The state of requests: waiting requests, running requests and the last results. The events of a
 * request may arrive in any order and more than once; the event with the latest time counts. The
 * number of entries is limited. Safe for use by many threads.
 */
final class Board {
  private static final int MOST_JOBS = 20_000;

  /**
   * Largest difference between the clocks of publishers and workers. A request that was published
   * up to this long after its result is the request of that result.
   */
  private static final Duration MOST_SKEW = Duration.ofSeconds(10);

  private final Duration lookBack;
  private final int mostResults;
  private final Clock clock;

  /** Waiting requests by id, in the order of publication. */
  private final Map<String, Job> waiting = new LinkedHashMap<>();

  /** Running requests by id, in the order in which they began. */
  private final Map<String, Job> running = new LinkedHashMap<>();

  private final Map<String, Result> results = new HashMap<>();

  /** Times of the last results by id, also of results that are no longer kept. */
  private final Map<String, Instant> ends = new LinkedHashMap<>();

  private final NavigableMap<String, Result> byTime = new TreeMap<>();
  private final Map<String, String> deadLetters = new LinkedHashMap<>();
  private final Map<String, Integer> outcomes = new TreeMap<>();

  Board(Duration lookBack, int mostResults, Clock clock) {
    this.lookBack = lookBack;
    this.mostResults = mostResults;
    this.clock = clock;
  }

  /** Records that a request was published. */
  synchronized void requested(String id, Instant time, RequestSummary summary) {
    Job running = this.running.get(id);
    if (running != null) {
      this.running.put(id, running.with(summary, time));
      return;
    }
    if (hasEnded(id, time)) {
      Optional.ofNullable(results.get(id)).ifPresent(ended -> fill(ended, summary));
      return;
    }
    if (!tooOld(time)) {
      waiting.put(id, new Job(id, summary, time, Optional.empty()));
      bound(waiting);
    }
  }

  /** Returns whether there was a result of a request that was published at this time. */
  private boolean hasEnded(String id, Instant published) {
    Instant end = ends.get(id);
    return end != null && !published.isAfter(end.plus(MOST_SKEW));
  }

  /**
   * Adds the summary to a result whose event arrived before the request was read and did not
   * contain the request.
   */
  private void fill(Result ended, RequestSummary summary) {
    if (ended.summary().equals(RequestSummary.NOTHING)) {
      put(
          new Result(
              ended.id(),
              ended.time(),
              ended.outcome(),
              summary,
              ended.problem(),
              ended.outputs(),
              ended.first()));
    }
  }

  /** Records that a request has begun or has made progress. */
  synchronized void progressed(String id, Job.Progress progress) {
    Instant end = ends.get(id);
    boolean over = end != null && !end.isBefore(progress.time());
    if (over || tooOld(progress.time())) {
      return;
    }
    Job waited = waiting.remove(id);
    Job before = running.getOrDefault(id, waited == null ? unread(id, progress) : waited);
    boolean earlier =
        before.progress().filter(at -> at.time().isAfter(progress.time())).isPresent();
    if (!earlier) {
      running.put(id, before.with(progress));
      bound(running);
    }
  }

  private static Job unread(String id, Job.Progress progress) {
    return new Job(id, RequestSummary.NOTHING, progress.time(), Optional.empty());
  }

  /**
   * Records that a request has ended.
   *
   * @return whether the result is new; false for a result that was read before or is older than the
   *     last one of the request
   */
  synchronized boolean ended(Result result) {
    String id = result.id();
    Instant last = ends.get(id);
    RequestSummary known = summary(id);
    drop(waiting, result);
    drop(running, result);
    Result before = results.get(id);
    if (before == null || !before.time().isAfter(result.time())) {
      ends.remove(id);
      ends.put(id, result.time());
      bound(ends);
      put(result);
      fill(result, known);
      prune();
    }
    return last == null || last.isBefore(result.time());
  }

  private RequestSummary summary(String id) {
    Job job = running.getOrDefault(id, waiting.get(id));
    return job == null ? RequestSummary.NOTHING : job.summary();
  }

  /**
   * Removes a request that has ended. If it was published or made progress after the event, it is a
   * new request and stays.
   */
  private static void drop(Map<String, Job> jobs, Result result) {
    Job job = jobs.get(result.id());
    if (job != null && !isAfter(job, result.time())) {
      jobs.remove(result.id());
    }
  }

  private static boolean isAfter(Job job, Instant end) {
    return job.progress()
        .map(progress -> progress.time().isAfter(end))
        .orElseGet(() -> job.since().isAfter(end.plus(MOST_SKEW)));
  }

  private void put(Result result) {
    Result before = results.put(result.id(), result);
    if (before != null) {
      byTime.remove(before.position());
      outcomes.merge(before.kind(), -1, Integer::sum);
    }
    byTime.put(result.position(), result);
    outcomes.merge(result.kind(), 1, Integer::sum);
  }

  private void prune() {
    while (byTime.size() > mostResults) {
      Result oldest = byTime.pollFirstEntry().getValue();
      results.remove(oldest.id());
      outcomes.merge(oldest.kind(), -1, Integer::sum);
    }
  }

  /**
   * Records a dead letter.
   *
   * @param name a name by which it can be found: the id of its request, the key of its record, or
   *     the place of the original record
   * @param source {@code topic/partition/offset} of the dead letter
   */
  synchronized void deadLetter(String name, String source) {
    deadLetters.remove(name);
    deadLetters.put(name, source);
    bound(deadLetters);
  }

  private static void bound(Map<String, ?> map) {
    Iterator<String> oldest = map.keySet().iterator();
    while (map.size() > MOST_JOBS) {
      oldest.next();
      oldest.remove();
    }
  }

  private boolean tooOld(Instant time) {
    return time.isBefore(clock.instant().minus(lookBack));
  }

  /** The number of requests in one state, and the first ones. */
  record Jobs(int count, List<Job> first) {}

  /** Returns the running requests, in the order in which they began. */
  synchronized Jobs running(int most) {
    return first(running, most, job -> job.progress().map(Job.Progress::time).orElse(job.since()));
  }

  /** Returns the waiting requests, in the order of publication. */
  synchronized Jobs waiting(int most) {
    return first(waiting, most, Job::since);
  }

  /** Returns the number of running requests by the name of the worker. */
  synchronized Map<String, Integer> runningByWorker() {
    Map<String, Integer> counts = new HashMap<>();
    running
        .values()
        .forEach(
            job -> job.progress().ifPresent(now -> counts.merge(now.worker(), 1, Integer::sum)));
    return counts;
  }

  private Jobs first(Map<String, Job> jobs, int most, Function<Job, Instant> last) {
    jobs.values().removeIf(job -> tooOld(last.apply(job)));
    return new Jobs(jobs.size(), jobs.values().stream().limit(most).toList());
  }

  /** Returns a request without an outcome. */
  synchronized Optional<Job> job(String id) {
    return Optional.ofNullable(running.get(id)).or(() -> Optional.ofNullable(waiting.get(id)));
  }

  /** Returns the number of results by outcome and error class. */
  synchronized Map<String, Integer> outcomes() {
    outcomes.values().removeIf(count -> count == 0);
    return new LinkedHashMap<>(outcomes);
  }

  /** Returns the result of a request. */
  synchronized Optional<Result> result(String id) {
    return Optional.ofNullable(results.get(id));
  }

  /** Returns the place of the dead letter with this name: {@code topic/partition/offset}. */
  synchronized Optional<String> deadLetter(String name) {
    return Optional.ofNullable(deadLetters.get(name));
  }

  /**
   * Returns the latest results that match a filter.
   *
   * @param before position of a result, to return only older ones; empty for no limit
   */
  synchronized List<Result> results(Predicate<Result> filter, String before, int most) {
    NavigableMap<String, Result> older = before.isEmpty() ? byTime : byTime.headMap(before, false);
    return older.descendingMap().values().stream().filter(filter).limit(most).toList();
  }

  /** Returns the distinct values of a property of the results. */
  synchronized List<String> values(Function<Result, String> property) {
    return new ArrayList<>(
        results.values().stream()
            .map(property)
            .filter(value -> !value.isEmpty())
            .distinct()
            .sorted(Comparator.naturalOrder())
            .toList());
  }
}
