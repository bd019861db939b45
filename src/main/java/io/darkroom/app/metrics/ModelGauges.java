package io.darkroom.app.metrics;

import io.darkroom.engine.LoadedModel;
import io.darkroom.job.Tier;
import io.darkroom.render.ServedModels;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collection;

/** Publishes the results of the self-tests at start. */
@Singleton
public final class ModelGauges {
  private final MeterRegistry registry;

  @Inject
  ModelGauges(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Publishes the results. Called once.
   *
   * @param tier the configured tier
   * @param leftOut number of packages that are not served
   * @param inexact names of packages that are not served because they fail the exact tier
   */
  public void register(ServedModels served, Tier tier, int leftOut, Collection<String> inexact) {
    Gauge.builder(Metric.MODELS_LEFT_OUT.id(), () -> leftOut).register(registry);
    served.byName().values().forEach(this::verdict);
    inexact.forEach(name -> exact(name, tier.wire(), 0));
  }

  private void verdict(LoadedModel model) {
    String tier = model.device().tier();
    String name = model.card().name();
    int known = model.findings().answersKnown() ? 1 : 0;
    Gauge.builder(Metric.SELF_TEST_ANSWERS_KNOWN.id(), () -> known)
        .tag("model", name)
        .register(registry);
    exact(name, tier, tier.equals(Tier.EXACT.wire()) ? 1 : 0);
  }

  private void exact(String name, String tier, int exact) {
    Gauge.builder(Metric.SELF_TEST_EXACT.id(), () -> exact)
        .tag("model", name)
        .tag("tier", tier)
        .register(registry);
  }
}
