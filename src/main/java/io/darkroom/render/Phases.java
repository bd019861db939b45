package io.darkroom.render;

import io.darkroom.engine.StageOutcome;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Measures the phases of one job. Used only by the thread of the job. */
final class Phases {
  private final Delivery delivery;
  private final LongSupplier nanoClock;
  private final double waitedMillis;
  private final Instant begun;
  private final long begin;
  private final List<Account.Lap> laps = new ArrayList<>();
  private long mark;
  private double prepare;
  private double encode;
  private double upload;
  private StageOutcome.Spent spent = StageOutcome.Spent.NOTHING;

  Phases(Delivery delivery, LongSupplier nanoClock, Instant now) {
    this.delivery = delivery;
    this.nanoClock = nanoClock;
    this.waitedMillis = Math.max(0, Duration.between(delivery.published(), now).toMillis());
    this.begun = now;
    this.begin = nanoClock.getAsLong();
    this.mark = begin;
  }

  /** Returns the record of the job. */
  Delivery delivery() {
    return delivery;
  }

  void prepared() {
    prepare = lap(Account.Phase.PREPARE);
  }

  void rendered(StageOutcome.Spent by) {
    spent = by;
    long queued = mark + by.queuedNanos();
    long denoised = queued + by.denoiseNanos();
    laps.add(lap(Account.Phase.QUEUED, mark, queued));
    laps.add(lap(Account.Phase.DENOISE, queued, denoised));
    laps.add(lap(Account.Phase.DECODE, denoised, denoised + by.decodeNanos()));
    mark = nanoClock.getAsLong();
  }

  void encoded() {
    encode = lap(Account.Phase.ENCODE);
  }

  void uploaded() {
    upload = lap(Account.Phase.UPLOAD);
  }

  private double lap(Account.Phase phase) {
    long now = nanoClock.getAsLong();
    double millis = millis(now - mark);
    laps.add(lap(phase, mark, now));
    mark = now;
    return millis;
  }

  private Account.Lap lap(Account.Phase phase, long from, long to) {
    return new Account.Lap(phase, Duration.ofNanos(from - begin), Duration.ofNanos(to - from));
  }

  /** Returns the account of the job up to now. */
  Account account(Optional<RenderRequest> request) {
    return new Account(
        request.map(RenderRequest::kind), request.map(r -> r.model().name()), begun, laps);
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
