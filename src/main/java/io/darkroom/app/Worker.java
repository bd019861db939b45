package io.darkroom.app;

import io.darkroom.engine.RenderEngine;
import io.darkroom.json.RequestCodec;
import io.darkroom.kafka.FatalErrors;
import io.darkroom.kafka.RequestConsumer;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.plan.Planner;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ProgressSink;
import io.darkroom.render.RenderPipeline;
import io.darkroom.render.RenderSettings;
import io.darkroom.render.ServedModels;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * The life of a worker: load and self-test the models, then take requests, then drain. Nothing is
 * taken from the broker before the models are served.
 */
@Singleton
final class Worker implements FatalErrors {
  private static final Logger LOG = Logger.getLogger(Worker.class);

  private final DarkroomConfig config;
  private final RenderEngine engine;
  private final EngineThread engineThread;
  private final RequestConsumer consumer;
  private final LateIntake intake;
  private final Stations stations;
  private final NetworkSettings networkSettings;
  private volatile State state = State.LOADING;

  /** How far a worker is. */
  enum State {
    LOADING,
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
      Clock clock) {}

  @Inject
  Worker(
      DarkroomConfig config,
      RenderEngine engine,
      RequestConsumer consumer,
      LateIntake intake,
      Stations stations,
      NetworkSettings networkSettings) {
    this.config = config;
    this.engine = engine;
    this.engineThread = new EngineThread(engine, this::engineDied);
    this.consumer = consumer;
    this.intake = intake;
    this.stations = stations;
    this.networkSettings = networkSettings;
  }

  void start(@Observes StartupEvent event) {
    engineThread.start();
    new Thread(this::serve, "models").start();
  }

  private void serve() {
    try {
      ServedModels models = new ModelLoading(engine, networkSettings).load(config.models());
      if (models.byName().isEmpty()) {
        fail("no model package is served; folders=" + config.models());
        return;
      }
      intake.open(pipeline(models));
      state = State.SERVING;
      consumer.start();
      LOG.infof("taking requests models=%s", models.names());
    } catch (IOException | RuntimeException fault) { // the thread's top
      LOG.error("the models could not be loaded", fault);
      fail("the models could not be loaded");
    }
  }

  private RenderPipeline pipeline(ServedModels models) {
    RenderPipeline.Stations parts =
        new RenderPipeline.Stations(
            stations.codec(),
            stations.planner(),
            engine,
            models,
            stations.store(),
            stations.progress());
    return new RenderPipeline(parts, stations.settings(), stations.clock(), System::nanoTime);
  }

  void stop(@Observes ShutdownEvent event) {
    if (state == State.SERVING) {
      state = State.DRAINING;
      Duration grace = config.shutdown().grace();
      int left = consumer.drain(grace);
      LOG.infof("drained left=%d", left);
    }
    engineThread.close();
  }

  State state() {
    return state;
  }

  EngineThread engineThread() {
    return engineThread;
  }

  private void engineDied(Throwable fault) {
    LOG.error("the engine died; the process ends so that others get its requests", fault);
    fail("the engine died");
  }

  @Override
  public void fatal(Error error) {
    LOG.error("fatal error; the process ends so that others get its requests", error);
    fail("fatal error");
  }

  private void fail(String reason) {
    state = State.FAILED;
    LOG.errorf("worker ends reason=%s", reason);
    Quarkus.asyncExit(1);
  }
}
