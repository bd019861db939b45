package io.darkroom.console;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;

/**
 * The number of network calls and rows per second during the last minutes. Safe for use by many
 * threads.
 */
final class CallHistory {
  private static final int SECONDS = 300;

  private final Vitals vitals;
  private final Deque<List<Long>> seconds = new ArrayDeque<>();
  private long calls = -1;
  private long rows;

  CallHistory(Vitals vitals) {
    this.vitals = vitals;
  }

  /** Records the counts of the last second. Call it once per second. */
  synchronized void tick() {
    OptionalLong now = vitals.calls();
    if (now.isEmpty()) {
      return;
    }
    long nowRows = vitals.rows();
    if (calls >= 0) {
      seconds.addLast(List.of(now.getAsLong() - calls, Math.max(0, nowRows - rows)));
      if (seconds.size() > SECONDS) {
        seconds.removeFirst();
      }
    }
    calls = now.getAsLong();
    rows = nowRows;
  }

  /** Returns {@code [calls, rows]} of each second, the latest last; empty without a worker. */
  synchronized List<List<Long>> all() {
    return new ArrayList<>(seconds);
  }
}
