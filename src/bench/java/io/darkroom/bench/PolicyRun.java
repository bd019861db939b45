package io.darkroom.bench;

import io.darkroom.engine.Networks;
import io.darkroom.engine.Ticket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * One policy that serves a trace. Its clock advances by the time of its own iterations of the
 * engine (CPU time on a CPU), and skips the gaps without work. So several policies can run
 * alternately on one thread without affecting each other's figures.
 */
final class PolicyRun {
  private static final int SLOTS = 16;
  private static final int DIGITS = 3;

  private final Policy policy;
  private final String model;
  private final LongSupplier clock;
  private final int mostRows;
  private final BenchEngine benchEngine;
  private final Deque<TimedRequest> coming;
  private final Deque<TimedRequest> waiting = new ArrayDeque<>();
  private final List<Flight> underWay = new ArrayList<>();
  private final Histogram micros = new Histogram(DIGITS);
  private final long begin;
  private long now;
  private long calls;
  private long rowsCalled;

  /** A request between admission and result. */
  private record Flight(TimedRequest arrival, Ticket ticket) {}

  /**
   * @param clock clock that measures its iterations
   */
  PolicyRun(Policy policy, Networks networks, List<TimedRequest> trace, LongSupplier clock) {
    this.policy = policy;
    this.model = networks.card().name();
    this.clock = clock;
    this.mostRows = networks.denoiser().mostRows();
    this.coming = new ArrayDeque<>(trace);
    this.begin = coming.getFirst().nanos();
    this.now = begin;
    this.benchEngine =
        new BenchEngine(networks, SLOTS, () -> now, (name, call) -> called(call.rows()));
  }

  long now() {
    return now;
  }

  boolean done() {
    return coming.isEmpty() && waiting.isEmpty() && underWay.isEmpty();
  }

  /**
   * Admits requests that have arrived and runs one iteration of the engine, or advances to the next
   * arrival.
   */
  void turn() {
    if (waiting.isEmpty() && underWay.isEmpty()) {
      now = Math.max(now, coming.getFirst().nanos());
    }
    while (!coming.isEmpty() && coming.getFirst().nanos() <= now) {
      waiting.add(coming.remove());
    }
    admit();
    long before = clock.getAsLong();
    benchEngine.engine().runIteration();
    now += clock.getAsLong() - before;
    underWay.removeIf(this::landed);
  }

  /** Returns the figure, compared with another policy on the same trace. */
  TraceFigure figure(OptionalDouble load, OptionalDouble offered, PolicyRun other) {
    return new TraceFigure(
        model,
        policy.label(),
        load,
        (int) micros.getTotalCount(),
        offered,
        served(),
        mean(),
        millis(50),
        millis(99),
        rowsCalled / (double) calls,
        new TraceFigure.Ratios(
            served() / other.served(), mean() / other.mean(), millis(99) / other.millis(99)));
  }

  /** Returns the requests per second. */
  double served() {
    return micros.getTotalCount() * 1e9 / (now - begin);
  }

  private double mean() {
    return micros.getMean() / 1e3;
  }

  private double millis(double percentile) {
    return micros.getValueAtPercentile(percentile) / 1e3;
  }

  private void admit() {
    boolean open = underWay.isEmpty();
    int rows = underWay.stream().mapToInt(flight -> flight.arrival.rows()).sum();
    while (!waiting.isEmpty() && policy.admits(rows, waiting.getFirst().rows(), mostRows, open)) {
      TimedRequest next = waiting.remove();
      rows += next.rows();
      underWay.add(new Flight(next, benchEngine.engine().submit(next.job())));
    }
  }

  private boolean landed(Flight flight) {
    if (!flight.ticket.outcome().isDone()) {
      return false;
    }
    micros.recordValue((now - flight.arrival.nanos()) / 1000);
    return true;
  }

  private void called(int rows) {
    calls++;
    rowsCalled += rows;
  }
}
