package io.darkroom.engine;

import java.util.List;

/** Counts what a call was made of, without allocating. */
final class CallStatistics {
  private final EngineObserver observer;
  private final String model;

  /** Statistics of calls of one model. */
  CallStatistics(EngineObserver observer, String model) {
    this.observer = observer;
    this.model = model;
  }

  /** Tells of a call of slots {@code first} to {@code end - 1}. */
  void called(List<Slot> slots, int first, int end, int paddedRows, long nanos) {
    int rows = 0;
    int jobs = 0;
    int samplers = 0;
    for (int i = first; i < end; i++) {
      rows += slots.get(i).rows();
      jobs += firstOfJob(slots, first, i) ? 1 : 0;
      samplers += firstOfSampler(slots, first, i) ? 1 : 0;
    }
    observer.called(model, rows, paddedRows - rows, jobs, samplers, nanos);
  }

  private static boolean firstOfJob(List<Slot> slots, int first, int i) {
    for (int j = first; j < i; j++) {
      if (slots.get(j).job() == slots.get(i).job()) {
        return false;
      }
    }
    return true;
  }

  private static boolean firstOfSampler(List<Slot> slots, int first, int i) {
    String scheduler = slots.get(i).job().stage().scheduler();
    for (int j = first; j < i; j++) {
      if (slots.get(j).job().stage().scheduler().equals(scheduler)) {
        return false;
      }
    }
    return true;
  }
}
