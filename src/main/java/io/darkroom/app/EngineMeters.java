package io.darkroom.app;

import io.darkroom.engine.EngineObserver;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts calls of the denoising networks. Allocates at a model's first call only. */
@Singleton
final class EngineMeters implements EngineObserver {
  private final MeterRegistry registry;
  private final Map<String, ModelMeters> byModel = new ConcurrentHashMap<>();

  @Inject
  EngineMeters(MeterRegistry registry) {
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
}
