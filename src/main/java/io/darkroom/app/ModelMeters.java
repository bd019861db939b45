package io.darkroom.app;

import io.darkroom.engine.EngineObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** The calls of one model. Written by the engine thread alone. */
final class ModelMeters {
  private static final double[] ROWS = {1, 2, 4, 8, 16, 32, 64, 128, 256};
  private static final double[] FILL = {0.25, 0.5, 0.75, 1};

  /** Share of the last call in the moving mean. */
  private static final double WEIGHT = 0.1;

  private final Counter evaluations;
  private final Counter padding;
  private final DistributionSummary rows;
  private final DistributionSummary fill;
  private final DistributionSummary requests;
  private final Timer calls;
  private volatile double millisPerRow;

  ModelMeters(MeterRegistry registry, String model) {
    this.evaluations = registry.counter("darkroom.evaluations", "model", model);
    this.padding = registry.counter("darkroom.padding.rows", "model", model);
    this.rows = summary("darkroom.call.rows", model, ROWS).register(registry);
    this.fill = summary("darkroom.call.fill.ratio", model, FILL).register(registry);
    this.requests = summary("darkroom.call.requests", model, ROWS).register(registry);
    this.calls = registry.timer("darkroom.call", "model", model);
    Gauge.builder("darkroom.evaluation.milliseconds", this, ModelMeters::millisPerRow)
        .tag("model", model)
        .register(registry);
  }

  void called(EngineObserver.Call call) {
    evaluations.increment(call.rows());
    padding.increment(call.padding());
    rows.record(call.rows());
    fill.record((double) call.rows() / call.mostRows());
    requests.record(call.jobs());
    calls.record(call.nanos(), TimeUnit.NANOSECONDS);
    mean(call.nanos() / 1e6 / (call.rows() + call.padding()));
  }

  double millisPerRow() {
    return millisPerRow;
  }

  private void mean(double millis) {
    double before = millisPerRow;
    millisPerRow = before == 0 ? millis : before + WEIGHT * (millis - before);
  }

  private static DistributionSummary.Builder summary(String name, String model, double[] bounds) {
    return DistributionSummary.builder(name).tag("model", model).serviceLevelObjectives(bounds);
  }
}
