package io.darkroom.engine;

import io.darkroom.model.Shape;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Slots that can share a call: they have the same network, adapter, pass and shapes. Guidance,
 * schedule, sampler, number of steps and seed may differ. Engine thread only.
 */
final class Bucket implements CallScheduler.Line {
  private static final System.Logger LOG = System.getLogger(Bucket.class.getName());

  /** Weight of the newest call in the moving average of call durations. */
  private static final double NEWEST = 0.125;

  private static final float[] NOTHING = {};

  private final Networks networks;
  private final Shape sample;
  private final int tokens;
  private final String adapter;
  private final Pass pass;
  private final Denoiser denoiser;
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
   * @param tokens tokens of inputs whose size the network leaves open
   * @param adapter name of the network's adapter; empty without one
   * @param pass part of the network
   * @param cost cost of a row, updated after each call
   * @param statistics statistics of the calls
   * @param others threads that draw noise while the network runs
   * @param nanoClock the clock of the engine
   */
  Bucket(
      Networks networks,
      Shape sample,
      int tokens,
      String adapter,
      Pass pass,
      RowCosts.Cost cost,
      CallStatistics statistics,
      Executor others,
      LongSupplier nanoClock) {
    this.networks = networks;
    this.sample = sample;
    this.tokens = tokens;
    this.cost = cost;
    this.statistics = statistics;
    this.others = others;
    this.nanoClock = nanoClock;
    this.adapter = adapter;
    this.pass = pass;
    this.denoiser = networks.denoiser(adapter, pass);
    this.call = denoiser.call(sample, tokens);
    this.mostRows = call.mostRows();
    this.lastCallNanos = nanoClock.getAsLong();
  }

  /** Releases the call; the bucket is not used after this. */
  void close() {
    denoiser.release(sample, tokens);
  }

  boolean accepts(Networks candidate, Slot slot) {
    return networks == candidate
        && sample.equals(slot.shape())
        && tokens == slot.tokens()
        && adapter.equals(slot.adapter())
        && pass.equals(slot.pass());
  }

  /** Returns the part of the network that its calls run. */
  Pass pass() {
    return pass;
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

  /**
   * Returns the duration of a call: the moving average, or before the first call the estimate for a
   * full call.
   */
  long callNanos() {
    return callNanos > 0 ? callNanos : Math.round(cost.nanosPerRow() * mostRows);
  }

  /** Adds the slot of an image. */
  void add(Slot slot) {
    if (atRest()) {
      mostRows = call.mostRows();
      output = new float[call.outputSize()];
      guided = new float[call.outputSize()];
    }
    // A call must have room for the two rows of an image with guidance.
    mostRows = Math.max(mostRows, slot.mostRows());
    slots.add(slot);
    slot.setBucket(this);
  }

  /**
   * Removes a slot. The bucket keeps its arrays: the slot may be back after the next evaluation.
   */
  void remove(int slot) {
    slots.remove(slot);
  }

  /** Releases the arrays of the bucket if it has no slots. */
  void rest() {
    if (slots.isEmpty()) {
      output = NOTHING;
      guided = NOTHING;
    }
  }

  /** Returns whether it has neither slots nor arrays. */
  boolean atRest() {
    return output.length == 0;
  }

  /**
   * Reduces the size of calls after one ran out of memory: to about half of its slots, so that the
   * device computes fewer rows. Later calls have at most as many rows, until the bucket is empty.
   *
   * @return number of slots of the smaller call; {@code count} if a smaller one does not help
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
      most = Math.max(most, slot.mostRows());
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
    return denoiser.rowsOfCall(rows);
  }

  /**
   * Runs the network once over {@code count} slots from {@code first} on, and moves each by one
   * evaluation.
   *
   * @throws DeviceFailure if the network did not run; the slots are unchanged
   */
  void evaluate(int first, int count, long nowNanos) {
    int rows = 0;
    for (int i = first; i < first + count; i++) {
      rows = fill(slots.get(i), rows);
    }
    int padded = denoiser.rowsOfCall(rows);
    // The output of padding rows is discarded, so an exception of a faulty image must not repeat
    // for them.
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
    cost.update(padded, nanos);
    callNanos += callNanos == 0 ? nanos : (long) (NEWEST * (nanos - callNanos));
    statistics.report(slots, first, first + count, padded, call.mostRows(), nanos);
  }

  /** Fills the rows of one slot. An exception ends only the job of this image. */
  private int fill(Slot slot, int row) {
    if (!slot.job().ended()) {
      try {
        return slot.fill(call, row);
      } catch (DeviceFailure failure) {
        throw failure;
      } catch (RuntimeException fault) {
        FailurePolicy.endFaulty(slot.job(), fault);
      }
    }
    return row + slot.rows();
  }

  private int take(Slot slot, int row) {
    if (!slot.job().ended()) {
      try {
        return slot.take(call, row, output, guided);
      } catch (RuntimeException fault) {
        FailurePolicy.endFaulty(slot.job(), fault);
      }
    }
    return row + slot.rows();
  }
}
