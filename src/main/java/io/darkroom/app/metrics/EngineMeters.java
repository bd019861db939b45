package io.darkroom.app.metrics;

import io.darkroom.engine.EngineObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Counts calls of the denoising networks. Allocates memory only at the first call of a model. */
@Singleton
public final class EngineMeters implements EngineObserver {
  /** Name of the summary of the rows of each call, one per model. */
  public static final String CALL_ROWS = Metric.CALL_ROWS.id();

  private final MeterRegistry registry;
  private final Map<String, ModelMeters> byModel = new ConcurrentHashMap<>();

  @Inject
  public EngineMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void called(String model, Call call) {
    ModelMeters meters = byModel.get(model);
    if (meters == null) {
      meters = new ModelMeters(registry, model);
      byModel.put(model, meters);
    }
    meters.called(call);
  }

  /** Meters of one model. Engine thread only. */
  private static final class ModelMeters {
    private static final double[] ROWS = {1, 2, 4, 8, 16, 32, 64, 128, 256};
    private static final double[] FILL = {0.25, 0.5, 0.75, 1};

    /** Weight of the last call in the moving average. */
    private static final double WEIGHT = 0.1;

    private final Counter evaluations;
    private final Counter padding;
    private final DistributionSummary rows;
    private final DistributionSummary fill;
    private final DistributionSummary requests;
    private final Timer calls;
    private volatile double millisPerRow;

    ModelMeters(MeterRegistry registry, String model) {
      this.evaluations = registry.counter(Metric.EVALUATIONS.id(), "model", model);
      this.padding = registry.counter(Metric.PADDING_ROWS.id(), "model", model);
      this.rows = summary(Metric.CALL_ROWS.id(), model, ROWS).register(registry);
      this.fill = summary(Metric.CALL_FILL_RATIO.id(), model, FILL).register(registry);
      this.requests = summary(Metric.CALL_REQUESTS.id(), model, ROWS).register(registry);
      this.calls = registry.timer(Metric.CALL.id(), "model", model);
      Gauge.builder(Metric.EVALUATION_MILLISECONDS.id(), this, ModelMeters::millisPerRow)
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
}
