package io.darkroom.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The updates for one reader of the live page. Each update contains the changes since the previous
 * one. Used by one thread at a time.
 */
final class LiveUpdates {
  /** Maximum number of running requests that are sent. The others are only counted. */
  static final int MOST_RUNNING = 200;

  private static final int MOST_WAITING = 50;
  private static final int MOST_RESULTS = 12;

  private final Board board;
  private final CallHistory calls;
  private final Vitals vitals;
  private final Workers workers;
  private final Sent<Job> jobs = new Sent<>(Job::id);
  private final Sent<Map<String, Object>> members =
      new Sent<>(worker -> String.valueOf(worker.get("name")));
  private Map<String, Object> rest = Map.of();

  LiveUpdates(Board board, CallHistory calls, Vitals vitals, Workers workers) {
    this.board = board;
    this.calls = calls;
    this.vitals = vitals;
    this.workers = workers;
  }

  /**
   * Returns the next update; empty if nothing has changed. {@code jobs} are the running requests
   * that are new or have made progress; {@code order} are the ids of all running requests that are
   * shown; {@code workers} are the workers that are new or have changed; {@code workers_gone} are
   * the names of those that are no longer shown.
   */
  Optional<Map<String, Object>> next() {
    Board.Jobs running = board.running(MOST_RUNNING);
    List<Job> changed = jobs.changed(running.first());
    List<Map<String, Object>> all = workers.tree(board.runningByWorker());
    Map<String, Object> update = new LinkedHashMap<>();
    update.put("jobs", changed.stream().map(Job::tree).toList());
    update.put("workers", members.changed(all));
    update.put("workers_gone", members.removed(all));
    boolean same = update.values().stream().allMatch(List.of()::equals);
    boolean removed = !jobs.removed(running.first()).isEmpty();
    Map<String, Object> others = rest(running.count());
    if (same && !removed && others.equals(rest)) {
      return Optional.empty();
    }
    rest = others;
    update.putAll(others);
    update.put("order", running.first().stream().map(Job::id).toList());
    return Optional.of(update);
  }

  private Map<String, Object> rest(int running) {
    Board.Jobs waiting = board.waiting(MOST_WAITING);
    Map<String, Object> rest = new LinkedHashMap<>();
    rest.put("running", running);
    rest.put("waiting", waiting.count());
    rest.put("next", waiting.first().stream().map(Job::tree).toList());
    rest.put("outcomes", board.outcomes());
    rest.put(
        "latest",
        board.results(result -> true, "", MOST_RESULTS).stream().map(Result::tree).toList());
    rest.put("calls", calls.all());
    rest.put("backlog_seconds", vitals.backlogSeconds());
    rest.put("group_known", workers.knowsMembers());
    return rest;
  }
}
