package io.darkroom.engine;

import java.lang.System.Logger.Level;
import java.util.List;

/** Counts the rows, jobs and samplers of a call, without allocation. */
final class CallStatistics implements EngineObserver.Call {
  private static final System.Logger LOG = System.getLogger(CallStatistics.class.getName());

  private final EngineObserver observer;
  private final String model;
  private int rows;
  private int padding;
  private int mostRows;
  private int jobs;
  private int samplers;
  private long nanos;
  private boolean threw;

  /** Creates the statistics of one model. */
  CallStatistics(EngineObserver observer, String model) {
    this.observer = observer;
    this.model = model;
  }

  /** Reports a call of the slots {@code first} to {@code end - 1}. */
  void report(List<Slot> slots, int first, int end, int paddedRows, int most, long took) {
    rows = 0;
    jobs = 0;
    samplers = 0;
    for (int i = first; i < end; i++) {
      rows += slots.get(i).rows();
      jobs += firstOfJob(slots, first, i) ? 1 : 0;
      samplers += firstOfSampler(slots, first, i) ? 1 : 0;
    }
    padding = paddedRows - rows;
    mostRows = most;
    nanos = took;
    notifyObserver();
  }

  private void notifyObserver() {
    try {
      observer.called(model, this);
    } catch (RuntimeException fault) {
      if (!threw) {
        threw = true;
        LOG.log(Level.ERROR, "internal error in an engine observer model=" + model, fault);
      }
    }
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int padding() {
    return padding;
  }

  @Override
  public int mostRows() {
    return mostRows;
  }

  @Override
  public int jobs() {
    return jobs;
  }

  @Override
  public int samplers() {
    return samplers;
  }

  @Override
  public long nanos() {
    return nanos;
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
