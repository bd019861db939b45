package io.darkroom.app.metrics;

import io.darkroom.render.Spool;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Publishes the size of the spool. */
@Singleton
public final class SpoolGauges {
  private final MeterRegistry registry;

  @Inject
  SpoolGauges(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Publishes the size and number of the files in the spool, 0 without a spool. Called once. */
  public void register(Optional<Spool> spool) {
    Gauge.builder(Metric.SPOOL_BYTES.id(), () -> spool.map(Spool::bytes).orElse(0L))
        .register(registry);
    Gauge.builder(Metric.SPOOL_FILES.id(), () -> spool.map(Spool::files).orElse(0))
        .register(registry);
  }
}
