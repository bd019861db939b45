package io.darkroom.app.metrics;

import io.darkroom.engine.LoadedModel;
import io.darkroom.job.Tier;
import io.darkroom.render.ServedModels;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.function.IntSupplier;

/** Publishes the results of the self-tests, and the time of a row. */
@Singleton
public final class ModelGauges {
  private static final List<Metric> OF_A_PACKAGE =
      List.of(Metric.SELF_TEST_EXACT, Metric.SELF_TEST_ANSWERS_KNOWN, Metric.ROW_MILLISECONDS);

  private final MeterRegistry registry;

  @Inject
  public ModelGauges(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Publishes the results. Called once.
   *
   * @param tier the configured tier
   * @param leftOut returns the number of packages that are not served
   * @param inexact names of packages that are not served because they fail the exact tier
   */
  public void register(
      ServedModels served, Tier tier, IntSupplier leftOut, Collection<String> inexact) {
    Gauge.builder(Metric.MODELS_LEFT_OUT.id(), leftOut::getAsInt).register(registry);
    served.byName().values().forEach(this::add);
    inexact.forEach(name -> exact(name, tier.wire(), 0));
  }

  /** Publishes the self-test of a package that was loaded. */
  public void add(LoadedModel model) {
    String tier = model.device().tier();
    String name = model.card().name();
    int known = model.findings().answersKnown() ? 1 : 0;
    Gauge.builder(Metric.SELF_TEST_ANSWERS_KNOWN.id(), () -> known)
        .tag("model", name)
        .register(registry);
    exact(name, tier, tier.equals(Tier.EXACT.wire()) ? 1 : 0);
    double millis = model.findings().profile().millisPerRow();
    if (millis > 0) {
      Gauge.builder(Metric.ROW_MILLISECONDS.id(), () -> millis)
          .tag("model", name)
          .register(registry);
    }
  }

  /** Removes the self-test of a package that was unloaded. */
  public void remove(String model) {
    for (Metric each : OF_A_PACKAGE) {
      registry.find(each.id()).tag("model", model).gauges().forEach(registry::remove);
    }
  }

  private void exact(String name, String tier, int exact) {
    Gauge.builder(Metric.SELF_TEST_EXACT.id(), () -> exact)
        .tag("model", name)
        .tag("tier", tier)
        .register(registry);
  }
}
