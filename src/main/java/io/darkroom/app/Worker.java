package io.darkroom.app;

import io.darkroom.engine.RenderEngine;
import io.darkroom.json.RequestCodec;
import io.darkroom.kafka.ControlReader;
import io.darkroom.kafka.FatalErrors;
import io.darkroom.kafka.RequestConsumer;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.Opening;
import io.darkroom.plan.Planner;
import io.darkroom.render.Cancellations;
import io.darkroom.render.Intake;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ProgressSink;
import io.darkroom.render.RenderPipeline;
import io.darkroom.render.RenderSettings;
import io.darkroom.render.ServedModels;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The life of a worker: load and self-test the models, then take requests, then drain. Nothing is
 * taken from the broker before the models are served and the withdrawn requests are known.
 */
@Singleton
final class Worker implements FatalErrors {
  private static final Logger LOG = Logger.getLogger(Worker.class);

  private final StartCheck check;
  private final DarkroomConfig config;
  private final RenderEngine engine;
  private final EngineThread engineThread;
  private final RequestConsumer consumer;
  private final LateIntake intake;
  private final Stations stations;
  private final ModelLoading loading;
  private volatile State state = State.LOADING;
  private volatile Optional<ModelLoading.Loaded> models = Optional.empty();
  private volatile Optional<String> failure = Optional.empty();

  /** How far a worker is. */
  enum State {
    LOADING,
    /** Up, but a package does not keep what its tier promises: no request is taken. */
    REFUSING,
    SERVING,
    DRAINING,
    FAILED
  }

  /** What the way of a job needs beside models and engine. */
  @Singleton
  record Stations(
      RequestCodec codec,
      Planner planner,
      ObjectStore store,
      ProgressSink progress,
      RenderSettings settings,
      Cancellations cancellations,
      ControlReader control,
      Clock clock,
      MeterRegistry registry) {}

  @Inject
  Worker(
      DarkroomConfig config,
      RenderEngine engine,
      RequestConsumer consumer,
      LateIntake intake,
      Stations stations,
      NetworkSettings networkSettings,
      Opening opening,
      StartCheck check) {
    this.check = check;
    this.config = config;
    this.engine = engine;
    this.engineThread = new EngineThread(engine, this::engineDied);
    this.consumer = consumer;
    this.intake = intake;
    this.stations = stations;
    this.loading = new ModelLoading(engine, networkSettings, opening);
  }

  void start(@Observes StartupEvent event) {
    LOG.infof("configuration %s", Settings.of(config));
    HeapCheck.problem(config)
        .ifPresent(
            problem -> LOG.infof("heap limits the images at the same time reason=\"%s\"", problem));
    UnknownKeys.of(System.getenv().keySet(), List.of())
        .forEach(unknown -> LOG.warnf("configuration reason=\"%s\"", unknown));
    check.problem().ifPresentOrElse(this::fail, this::load);
  }

  private void load() {
    engineThread.start();
    new Thread(new ThreadTop(this::serve, this::notServed), "models").start();
  }

  private void serve() throws IOException, InterruptedException {
    ModelLoading.Loaded loaded = loading.load(config.models());
    ModelGauges.register(stations.registry(), loaded);
    if (loaded.served().byName().isEmpty() && loaded.inexact().isEmpty()) {
      fail("no model package is served, of those in " + config.models());
      return;
    }
    models = Optional.of(loaded);
    if (!loaded.inexact().isEmpty() && move(State.LOADING, State.REFUSING)) {
      LOG.errorf("not consuming requests reason=%s", refusal().orElse(""));
      return;
    }
    intake.open(observed(loaded.served()));
    if (stations.control().start()) {
      take(loaded.served());
    }
  }

  private void notServed(Throwable fault) {
    LOG.error("the models cannot be loaded", fault);
    fail("the models cannot be loaded");
  }

  private void take(ServedModels served) {
    // Neither where the engine died meanwhile nor where the worker was told to stop.
    if (move(State.LOADING, State.SERVING)) {
      consumer.start();
      LOG.infof("consuming requests models=\"%s\"", served.names());
    }
  }

  private Intake observed(ServedModels served) {
    RequestMeters meters = new RequestMeters(stations.registry(), served, stations.clock());
    return new ObservedIntake(pipeline(served), meters, stations.clock());
  }

  private RenderPipeline pipeline(ServedModels models) {
    RenderPipeline.Stations parts =
        new RenderPipeline.Stations(
            stations.codec(),
            stations.planner(),
            engine,
            models,
            stations.store(),
            stations.progress(),
            new PreviewMeters(stations.registry()),
            stations.cancellations());
    return new RenderPipeline(parts, stations.settings(), stations.clock(), System::nanoTime);
  }

  void stop(@Observes ShutdownEvent event) {
    if (move(State.SERVING, State.DRAINING)) {
      int left = consumer.drain(config.shutdown().grace());
      LOG.infof("shutdown complete unfinished=%d", left);
    }
    move(State.LOADING, State.DRAINING);
    move(State.REFUSING, State.DRAINING);
    engineThread.close();
  }

  State state() {
    return state;
  }

  /** Why the process is about to end, where it is. */
  Optional<String> failure() {
    return failure;
  }

  /** Why no request is taken although the worker is up, where a self-test failed. */
  Optional<String> refusal() {
    return models
        .filter(loaded -> !loaded.inexact().isEmpty())
        .map(loaded -> "the self-test failed: " + String.join("; ", loaded.inexact().values()));
  }

  /** The packages, as soon as they are loaded. */
  Optional<ModelLoading.Loaded> models() {
    return models;
  }

  EngineThread engineThread() {
    return engineThread;
  }

  private void engineDied(Throwable fault) {
    LOG.error("engine failed, shutting down", fault);
    fail("engine failed");
  }

  @Override
  public void fatal(Error error) {
    LOG.error("fatal error, shutting down", error);
    fail("fatal error");
  }

  private synchronized void fail(String reason) {
    failure = Optional.of(reason);
    state = State.FAILED;
    LOG.errorf("worker ends reason=%s", Printable.of(reason));
    Quarkus.asyncExit(1);
  }

  private synchronized boolean move(State from, State to) {
    boolean there = state == from;
    state = there ? to : state;
    return there;
  }
}
