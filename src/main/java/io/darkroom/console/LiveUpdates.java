package io.darkroom.console;

import java.util.ArrayList;
import java.util.HashMap;
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
  private final Map<String, Job> sent = new HashMap<>();
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
   * shown.
   */
  Optional<Map<String, Object>> next() {
    Board.Jobs running = board.running(MOST_RUNNING);
    List<String> order = running.first().stream().map(Job::id).toList();
    List<Map<String, Object>> changed = changed(running);
    boolean removed = sent.keySet().retainAll(order);
    Map<String, Object> others = rest(running.count());
    if (changed.isEmpty() && !removed && others.equals(rest)) {
      return Optional.empty();
    }
    rest = others;
    Map<String, Object> update = new LinkedHashMap<>(others);
    update.put("order", order);
    update.put("jobs", changed);
    return Optional.of(update);
  }

  private List<Map<String, Object>> changed(Board.Jobs running) {
    List<Map<String, Object>> changed = new ArrayList<>();
    for (Job job : running.first()) {
      if (!job.equals(sent.put(job.id(), job))) {
        changed.add(job.tree());
      }
    }
    return changed;
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
    rest.put("workers", workers.tree(board.runningByWorker()));
    rest.put("group_known", workers.knowsMembers());
    return rest;
  }
}
