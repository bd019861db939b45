package io.darkroom.app;

import io.darkroom.engine.LoadedModel;
import io.darkroom.onnx.NetworkSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What the self-tests of this start said. */
final class ModelGauges {

  private ModelGauges() {}

  static void register(MeterRegistry registry, ModelLoading.Loaded models) {
    int leftOut = models.leftOut().size();
    Gauge.builder("darkroom.models.left.out", () -> leftOut).register(registry);
    models.served().byName().values().forEach(model -> verdict(registry, model));
    models.inexact().keySet().forEach(name -> exact(registry, name, models.tier().wire(), 0));
  }

  private static void verdict(MeterRegistry registry, LoadedModel model) {
    String tier = model.device().tier();
    String name = model.card().name();
    int known = model.findings().answersKnown() ? 1 : 0;
    Gauge.builder("darkroom.self.test.answers.known", () -> known)
        .tag("model", name)
        .register(registry);
    exact(registry, name, tier, tier.equals(NetworkSettings.Tier.EXACT.wire()) ? 1 : 0);
  }

  private static void exact(MeterRegistry registry, String name, String tier, int exact) {
    Gauge.builder("darkroom.self.test.exact", () -> exact)
        .tag("model", name)
        .tag("tier", tier)
        .register(registry);
  }
}
