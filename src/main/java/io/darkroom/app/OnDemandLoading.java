package io.darkroom.app;

import io.darkroom.app.metrics.ModelGauges;
import io.darkroom.app.models.ModelLoader;
import io.darkroom.engine.LoadedModel;
import io.darkroom.engine.RenderEngine;
import io.darkroom.model.BrokenPackage;
import java.nio.file.Path;

/** Loads packages on demand into the engine of the worker, and publishes their self-tests. */
final class OnDemandLoading implements ModelLoader {
  private final ModelLoading loading;
  private final RenderEngine engine;
  private final ModelGauges gauges;

  OnDemandLoading(ModelLoading loading, RenderEngine engine, ModelGauges gauges) {
    this.loading = loading;
    this.engine = engine;
    this.gauges = gauges;
  }

  @Override
  public LoadedModel load(Path folder) throws BrokenPackage {
    LoadedModel model = loading.load(folder);
    gauges.add(model);
    return model;
  }

  @Override
  public void unload(String name) {
    engine.unload(name);
    gauges.remove(name);
  }
}
