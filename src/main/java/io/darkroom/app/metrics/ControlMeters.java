package io.darkroom.app.metrics;

import io.darkroom.kafka.ControlCounts;
import io.darkroom.render.Cancellations;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Counts control messages and the cancellations in memory. */
@Singleton
final class ControlMeters implements ControlCounts {
  private final Counter withdrawn;
  private final Counter unusable;

  @Inject
  ControlMeters(MeterRegistry registry, Cancellations cancellations) {
    this.withdrawn = registry.counter(Metric.CONTROL_MESSAGES.id(), "result", "withdrawn");
    this.unusable = registry.counter(Metric.CONTROL_MESSAGES.id(), "result", "unusable");
    Gauge.builder(Metric.WITHDRAWALS_KEPT.id(), cancellations, Cancellations::size)
        .register(registry);
  }

  @Override
  public void withdrawn() {
    withdrawn.increment();
  }

  @Override
  public void unusable() {
    unusable.increment();
  }
}
