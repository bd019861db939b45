package io.darkroom.render;

import io.darkroom.engine.StageOutcome;
import io.darkroom.job.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/** When the phases of one job ended; owned by the thread that takes the job its way. */
final class Phases {
  private final LongSupplier nanoClock;
  private final double waitedMillis;
  private final long begin;
  private long mark;
  private double prepare;
  private double encode;
  private double upload;
  private StageOutcome.Spent spent = new StageOutcome.Spent(0, 0, 0);

  Phases(Delivery delivery, LongSupplier nanoClock, Instant now) {
    this.nanoClock = nanoClock;
    this.waitedMillis = Math.max(0, Duration.between(delivery.published(), now).toMillis());
    this.begin = nanoClock.getAsLong();
    this.mark = begin;
  }

  void prepared() {
    prepare = lap();
  }

  void rendered(StageOutcome.Spent by) {
    spent = by;
    lap();
  }

  void encoded() {
    encode = lap();
  }

  void uploaded() {
    upload = lap();
  }

  private double lap() {
    long now = nanoClock.getAsLong();
    double millis = millis(now - mark);
    mark = now;
    return millis;
  }

  Manifest.Timings timings() {
    return new Manifest.Timings(
        rounded(waitedMillis + spent.queuedNanos() / 1e6),
        prepare,
        millis(spent.denoiseNanos()),
        millis(spent.decodeNanos()),
        encode,
        upload,
        rounded(waitedMillis + (nanoClock.getAsLong() - begin) / 1e6));
  }

  private static double millis(long nanos) {
    return rounded(nanos / 1e6);
  }

  private static double rounded(double millis) {
    return Math.round(millis * 10) / 10.0;
  }
}
