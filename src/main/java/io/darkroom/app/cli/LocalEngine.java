package io.darkroom.app.cli;

import io.darkroom.app.EngineThread;
import io.darkroom.app.ModelLoading;
import io.darkroom.app.models.LocatedModels;
import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.NoiseThreads;
import io.darkroom.engine.RenderEngine;
import io.darkroom.model.BrokenPackage;
import io.darkroom.onnx.ModelPackage;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.Opening;
import io.darkroom.onnx.PackageCatalog;
import io.darkroom.render.ServedModels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** An engine with models for commands. It needs no broker and no store. */
final class LocalEngine implements AutoCloseable {
  private final RenderEngine engine;
  private final EngineThread thread;
  private final ModelLoading loading;
  private final PackageCatalog catalog;
  private final ServedModels models;
  private final List<BrokenPackage> broken;

  private LocalEngine(
      RenderEngine engine,
      EngineThread thread,
      ModelLoading loading,
      PackageCatalog catalog,
      ServedModels models,
      List<BrokenPackage> broken) {
    this.engine = engine;
    this.thread = thread;
    this.loading = loading;
    this.catalog = catalog;
    this.models = models;
    this.broken = List.copyOf(broken);
  }

  /**
   * Loads and self-tests all located packages.
   *
   * @param onFailure receives the cause, on the engine thread, when the engine fails
   * @throws IOException if a folder cannot be listed
   */
  static LocalEngine open(
      LocatedModels located,
      NetworkSettings networks,
      Opening opening,
      EngineLimits limits,
      Consumer<Throwable> onFailure)
      throws IOException {
    PackageCatalog catalog = PackageCatalog.read(located.folders());
    RenderEngine engine =
        new RenderEngine(System::nanoTime, limits, EngineObserver.NONE, NoiseThreads.start());
    EngineThread thread = new EngineThread(engine, onFailure, System::nanoTime);
    thread.start();
    List<BrokenPackage> broken = new ArrayList<>(located.broken());
    ModelLoading loading = new ModelLoading(engine, networks, opening);
    ServedModels models = loading.load(catalog, broken::add);
    return new LocalEngine(engine, thread, loading, catalog, models, broken);
  }

  RenderEngine engine() {
    return engine;
  }

  ServedModels models() {
    return models;
  }

  /** Returns the files of a served package. */
  ModelPackage pack(String name) {
    return Optional.ofNullable(catalog.packages().get(name)).orElseThrow();
  }

  /** Returns all readable packages, by name. */
  Map<String, ModelPackage> packages() {
    return catalog.packages();
  }

  /** Returns the packages that are not served, with the reasons. */
  List<BrokenPackage> broken() {
    return broken;
  }

  @Override
  public void close() {
    thread.close();
    loading.close();
  }
}
