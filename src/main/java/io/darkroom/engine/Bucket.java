package io.darkroom.engine;

import io.darkroom.model.Shape;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Slots that can share a call: same network, same shapes. Guidance, schedule, sampler, step count
 * and seed are not part of it. Engine thread only.
 */
final class Bucket implements StepScheduler.Line {
  private static final System.Logger LOG = System.getLogger(Bucket.class.getName());

  /** What one more call weighs in the time that calls take. */
  private static final double NEWEST = 0.125;

  private static final float[] NOTHING = {};

  private final Networks networks;
  private final Shape sample;
  private final Denoiser.Call call;
  private float[] output = NOTHING;
  private float[] guided = NOTHING;
  private final RowCosts.Cost cost;
  private final CallStatistics statistics;
  private final Executor others;
  private final LongSupplier nanoClock;
  private final List<Slot> slots = new ArrayList<>();
  private int mostRows;
  private long lastCallNanos;
  private long callNanos;

  /**
   * @param cost of a row, updated after each call
   * @param statistics of its calls
   * @param others threads that draw noise while the network runs
   * @param nanoClock the engine's
   */
  Bucket(
      Networks networks,
      Shape sample,
      RowCosts.Cost cost,
      CallStatistics statistics,
      Executor others,
      LongSupplier nanoClock) {
    this.networks = networks;
    this.sample = sample;
    this.cost = cost;
    this.statistics = statistics;
    this.others = others;
    this.nanoClock = nanoClock;
    this.call = networks.denoiser().call(sample);
    this.mostRows = call.mostRows();
    this.lastCallNanos = nanoClock.getAsLong();
  }

  /** Lets its call go; there is no bucket any more. */
  void close() {
    networks.denoiser().release(sample);
  }

  boolean holds(Networks candidate, Shape shape) {
    return networks == candidate && sample.equals(shape);
  }

  @Override
  public List<Slot> contenders() {
    return slots;
  }

  List<Slot> slots() {
    return slots;
  }

  Shape sample() {
    return sample;
  }

  Networks networks() {
    return networks;
  }

  @Override
  public int mostRows() {
    return mostRows;
  }

  @Override
  public long lastCallNanos() {
    return lastCallNanos;
  }

  /** What a call takes, as measured lately; before the first, what one of the most rows would. */
  long callNanos() {
    return callNanos > 0 ? callNanos : Math.round(cost.nanosPerRow() * mostRows);
  }

  /** An image begins. */
  void add(Slot slot) {
    if (slots.isEmpty()) {
      mostRows = call.mostRows();
      output = new float[call.outputSize()];
      guided = new float[call.outputSize()];
    }
    // An image with guidance must fit, or it would never run.
    mostRows = Math.max(mostRows, slot.rows());
    slots.add(slot);
    slot.joins(this);
  }

  /** An image's place is free; the last one leaves no arrays behind. */
  void remove(int slot) {
    slots.remove(slot);
    if (slots.isEmpty()) {
      output = NOTHING;
      guided = NOTHING;
    }
  }

  /**
   * After a call for which there was no memory: about half of its slots, so few that the device has
   * fewer rows. Later calls have no more rows than these, until the bucket is empty.
   *
   * @return how many of the slots; all of them where fewer are no help
   */
  int fewer(int first, int count) {
    int before = rowsOfCall(first, count);
    for (int part = (count + 1) / 2; part > 0; part--) {
      int rows = rowsOfCall(first, part);
      if (rows < before) {
        holdTo(rows, before);
        return part;
      }
    }
    return count;
  }

  private void holdTo(int rows, int before) {
    int most = rows;
    for (Slot slot : slots) {
      most = Math.max(most, slot.rows());
    }
    if (most < mostRows) {
      mostRows = most;
      LOG.log(
          Level.WARNING,
          "out of device memory model={0} sample={1} rows={2}: reduced to {3} rows per call",
          networks.card().name(),
          sample,
          before,
          most);
    }
  }

  private int rowsOfCall(int first, int count) {
    int rows = 0;
    for (int i = first; i < first + count; i++) {
      rows += slots.get(i).rows();
    }
    return networks.denoiser().rowsOfCall(rows);
  }

  /**
   * One run of the network over {@code count} slots from {@code first} on, each moved on by one
   * evaluation.
   *
   * @throws DeviceFailure where there was no run; the slots are where they were
   */
  void evaluate(int first, int count, long nowNanos) {
    int rows = 0;
    for (int i = first; i < first + count; i++) {
      rows = fill(slots.get(i), rows);
    }
    int padded = networks.denoiser().rowsOfCall(rows);
    // Padding rows are discarded: a faulty image must not throw again for them.
    for (int row = rows; row < padded && !slots.get(first).job().ended(); row++) {
      slots.get(first).fillPadding(call, row);
    }
    for (int i = first; i < first + count; i++) {
      slots.get(i).drawAhead(others);
    }
    long begin = nanoClock.getAsLong();
    call.run(padded);
    long nanos = nanoClock.getAsLong() - begin;
    int row = 0;
    for (int i = first; i < first + count; i++) {
      row = take(slots.get(i), row);
    }
    lastCallNanos = nowNanos;
    cost.called(padded, nanos);
    callNanos += callNanos == 0 ? nanos : (long) (NEWEST * (nanos - callNanos));
    statistics.called(slots, first, first + count, padded, call.mostRows(), nanos);
  }

  /** A fault that one image meets must not end the others, nor one worker after another. */
  private int fill(Slot slot, int row) {
    if (!slot.job().ended()) {
      try {
        return slot.fill(call, row);
      } catch (DeviceFailure failure) {
        throw failure;
      } catch (RuntimeException fault) {
        FailurePolicy.fault(slot.job(), fault);
      }
    }
    return row + slot.rows();
  }

  private int take(Slot slot, int row) {
    if (!slot.job().ended()) {
      try {
        return slot.take(call, row, output, guided);
      } catch (RuntimeException fault) {
        FailurePolicy.fault(slot.job(), fault);
      }
    }
    return row + slot.rows();
  }
}
