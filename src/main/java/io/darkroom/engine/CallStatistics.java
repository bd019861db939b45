package io.darkroom.engine;

import java.util.List;

/** Counts what a call was made of, without allocating. */
final class CallStatistics {

  private CallStatistics() {}

  static void report(EngineObserver observer, Bucket bucket, int count, long nanos) {
    int rows = 0;
    int jobs = 0;
    int samplers = 0;
    List<Slot> slots = bucket.slots();
    for (int i = 0; i < count; i++) {
      rows += slots.get(i).rows();
      jobs += firstOfJob(slots, i) ? 1 : 0;
      samplers += firstOfSampler(slots, i) ? 1 : 0;
    }
    String model = bucket.networks().card().name();
    observer.called(model, rows, bucket.padding(), jobs, samplers, nanos);
  }

  private static boolean firstOfJob(List<Slot> slots, int i) {
    for (int j = 0; j < i; j++) {
      if (slots.get(j).job() == slots.get(i).job()) {
        return false;
      }
    }
    return true;
  }

  private static boolean firstOfSampler(List<Slot> slots, int i) {
    String scheduler = slots.get(i).job().stage().scheduler();
    for (int j = 0; j < i; j++) {
      if (slots.get(j).job().stage().scheduler().equals(scheduler)) {
        return false;
      }
    }
    return true;
  }
}
