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
  private final Counter cancelled;
  private final Counter unusable;

  @Inject
  ControlMeters(MeterRegistry registry, Cancellations cancellations) {
    this.cancelled = registry.counter(Metric.CONTROL_MESSAGES.id(), "result", "cancelled");
    this.unusable = registry.counter(Metric.CONTROL_MESSAGES.id(), "result", "unusable");
    Gauge.builder(Metric.CANCELLATIONS_KEPT.id(), cancellations, Cancellations::size)
        .register(registry);
  }

  @Override
  public void cancelled() {
    cancelled.increment();
  }

  @Override
  public void unusable() {
    unusable.increment();
  }
}
