package io.darkroom.app.cli;

import io.darkroom.app.EngineThread;
import io.darkroom.app.ModelLoading;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** An engine with models in this process, without broker and store, for commands. */
final class LocalEngine implements AutoCloseable {
  private final RenderEngine engine;
  private final EngineThread thread;
  private final PackageCatalog catalog;
  private final ServedModels models;
  private final List<BrokenPackage> broken;

  private LocalEngine(
      RenderEngine engine,
      EngineThread thread,
      PackageCatalog catalog,
      ServedModels models,
      List<BrokenPackage> broken) {
    this.engine = engine;
    this.thread = thread;
    this.catalog = catalog;
    this.models = models;
    this.broken = List.copyOf(broken);
  }

  /**
   * Loads and self-tests all packages of the folders.
   *
   * @param onFailure receives the cause, on the engine thread, when the engine fails
   * @throws IOException if a folder cannot be listed
   */
  static LocalEngine open(
      List<Path> folders,
      NetworkSettings networks,
      Opening opening,
      EngineLimits limits,
      Consumer<Throwable> onFailure)
      throws IOException {
    PackageCatalog catalog = PackageCatalog.read(folders);
    RenderEngine engine =
        new RenderEngine(System::nanoTime, limits, EngineObserver.NONE, NoiseThreads.start());
    EngineThread thread = new EngineThread(engine, onFailure, System::nanoTime);
    thread.start();
    List<BrokenPackage> broken = new ArrayList<>();
    ServedModels models = new ModelLoading(engine, networks, opening).load(catalog, broken::add);
    return new LocalEngine(engine, thread, catalog, models, broken);
  }

  RenderEngine engine() {
    return engine;
  }

  ServedModels models() {
    return models;
  }

  /** The files of a served package. */
  ModelPackage pack(String name) {
    return Optional.ofNullable(catalog.packages().get(name)).orElseThrow();
  }

  /** The packages that are not served, with the reasons. */
  List<BrokenPackage> broken() {
    return broken;
  }

  @Override
  public void close() {
    thread.close();
  }
}
