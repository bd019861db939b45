package io.darkroom.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Publishes requests and waits until all have ended. A request that needs an output of another one
 * is published when the output exists.
 */
final class DemoSession {
  private final WorkerConnection line;
  private final Display display;
  private final Runnable watch;
  private final LongSupplier nanoClock;
  private final Map<String, String> idOfPlace = new HashMap<>();
  private final Map<String, Notice> ended = new LinkedHashMap<>();
  private long lastNanos;

  /**
   * Creates a session on a connection.
   *
   * @param watch called repeatedly; throws if waiting is pointless
   */
  DemoSession(WorkerConnection line, Display display, Runnable watch, LongSupplier nanoClock) {
    this.line = line;
    this.display = display;
    this.watch = watch;
    this.nanoClock = nanoClock;
  }

  /**
   * Returns the last notice of each request by id, in the order of their ends, without requests
   * that were not published because a needed output is missing.
   *
   * @param silence longest time without a notice
   * @throws DemoFailure if a request needs one that does not exist, or no notice comes in time
   */
  Map<String, Notice> run(List<Example> examples, Duration silence) {
    check(examples);
    List<Example> waiting = new ArrayList<>(examples);
    lastNanos = nanoClock.getAsLong();
    publishReady(waiting);
    while (ended.size() < idOfPlace.size()) {
      watch.run();
      line.poll().forEach(this::take);
      publishReady(waiting);
      if (nanoClock.getAsLong() - lastNanos > silence.toNanos()) {
        throw new DemoFailure(
            "nothing was heard for " + silence.toSeconds() + " s; open are " + open());
      }
    }
    return ended;
  }

  private static void check(List<Example> examples) {
    Map<String, Example> byId = new HashMap<>();
    for (Example example : examples) {
      Example other = byId.put(example.id(), example);
      if (other != null) {
        throw new DemoFailure(
            example.name() + " and " + other.name() + " have the same id " + example.id());
      }
    }
    for (Example example : examples) {
      for (Example.Needed needed : example.needs()) {
        if (!byId.containsKey(needed.id())) {
          throw new DemoFailure(
              example.name() + ": needs an output of " + needed.id() + ", which is not there");
        }
      }
    }
  }

  private void publishReady(List<Example> waiting) {
    for (Example example : List.copyOf(waiting)) {
      if (example.needs().stream().allMatch(this::there)) {
        waiting.remove(example);
        byte[] body = example.body(needed -> ended.get(needed.id()).output(needed.index()));
        idOfPlace.put(line.publish(example.id(), body), example.id());
      }
    }
  }

  private boolean there(Example.Needed needed) {
    Notice notice = ended.get(needed.id());
    return notice != null && notice.completed();
  }

  private void take(Notice notice) {
    String id = idOfPlace.getOrDefault(notice.subject(), notice.subject());
    if (!idOfPlace.containsValue(id) || ended.containsKey(id)) {
      return;
    }
    lastNanos = nanoClock.getAsLong();
    display.show(id, notice);
    if (notice.terminal()) {
      ended.put(id, notice);
    }
  }

  private List<String> open() {
    return idOfPlace.values().stream().filter(id -> !ended.containsKey(id)).sorted().toList();
  }
}
