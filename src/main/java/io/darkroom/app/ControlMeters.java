package io.darkroom.app;

import io.darkroom.kafka.ControlCounts;
import io.darkroom.render.Cancellations;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Counts control messages, and says how many withdrawals are remembered. */
@Singleton
final class ControlMeters implements ControlCounts {
  private final Counter withdrawn;
  private final Counter unusable;

  @Inject
  ControlMeters(MeterRegistry registry, Cancellations cancellations) {
    this.withdrawn = registry.counter("darkroom.control.messages", "result", "withdrawn");
    this.unusable = registry.counter("darkroom.control.messages", "result", "unusable");
    Gauge.builder("darkroom.withdrawals.kept", cancellations, Cancellations::size)
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
