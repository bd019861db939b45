package io.darkroom.app;

import io.darkroom.app.metrics.ModelGauges;
import io.darkroom.app.models.ModelFolders;
import io.darkroom.app.models.OnDemandModels;
import io.darkroom.app.models.UnusableModels;
import io.darkroom.engine.RenderEngine;
import io.darkroom.kafka.ControlReader;
import io.darkroom.kafka.FatalErrors;
import io.darkroom.kafka.IntakeGate;
import io.darkroom.kafka.RequestConsumer;
import io.darkroom.render.ServedModels;
import io.darkroom.text.Printable;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * The life cycle of the worker: load and self-test the models, then consume requests, then drain.
 * Nothing is consumed before the models are served and the cancellations are read.
 */
@Singleton
public final class Worker implements FatalErrors {
  private static final Logger LOG = Logger.getLogger(Worker.class);

  /** Time to write the checkpoints of unfinished requests. */
  private static final Duration CHECKPOINTS = Duration.ofSeconds(4);

  private final DarkroomConfig config;
  private final StartCheck check;
  private final ModelFolders folders;
  private final OnDemandModels onDemand;
  private final ModelLoading loading;
  private final ModelGauges gauges;
  private final RenderEngine engine;
  private final EngineThread engineThread;
  private final ControlReader control;
  private final IntakeGate gate;
  private final RequestConsumer consumer;
  private final RenderIntake intake;
  private volatile State state = State.LOADING;
  private volatile Optional<ModelLoading.Loaded> models = Optional.empty();
  private volatile Optional<String> failure = Optional.empty();

  /** Phase of the life cycle. */
  public enum State {
    LOADING,
    /** Running, but a package fails the self-test of its tier. No request is consumed. */
    REFUSING,
    /** Running, but the store or a topic is not usable. No request is consumed. */
    WAITING,
    SERVING,
    DRAINING,
    FAILED
  }

  @Inject
  Worker(
      DarkroomConfig config,
      StartCheck check,
      ModelFolders folders,
      OnDemandModels onDemand,
      ModelLoading loading,
      ModelGauges gauges,
      RenderEngine engine,
      ControlReader control,
      IntakeGate gate,
      RequestConsumer consumer,
      RenderIntake intake,
      LongSupplier nanoClock) {
    this.config = config;
    this.check = check;
    this.folders = folders;
    this.onDemand = onDemand;
    this.loading = loading;
    this.gauges = gauges;
    this.engine = engine;
    this.engineThread = new EngineThread(engine, this::engineDied, nanoClock);
    this.control = control;
    this.gate = gate;
    this.consumer = consumer;
    this.intake = intake;
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
    ModelLoading.Loaded loaded = loading.load(folders.locate(config.models()));
    gauges.register(
        loaded.served(),
        loaded.tier(),
        () -> loaded.leftOut().size() + onDemand.broken().size(),
        loaded.inexact().keySet());
    if (loaded.served().byName().isEmpty() && loaded.inexact().isEmpty() && !onDemand.enabled()) {
      fail("no model package is served from " + config.models());
      return;
    }
    models = Optional.of(loaded);
    if (!loaded.inexact().isEmpty() && move(State.LOADING, State.REFUSING)) {
      LOG.errorf("not consuming requests reason=%s", refusal().orElse(""));
      return;
    }
    intake.open(onDemand.after(loaded.served()));
    if (control.start()) {
      take(loaded.served());
    }
  }

  private void notServed(Throwable fault) {
    if (fault instanceof UnusableModels) {
      fail("darkroom.models: " + fault.getMessage());
      return;
    }
    LOG.error("the models cannot be loaded", fault);
    fail("the models cannot be loaded");
  }

  private void take(ServedModels served) throws InterruptedException {
    // The engine may have failed in the meantime, or the worker may be shutting down.
    if (!move(State.LOADING, State.WAITING)) {
      return;
    }
    gate.reason()
        .ifPresent(reason -> LOG.warnf("not consuming requests yet reason=\"%s\"", reason));
    if (gate.await() && move(State.WAITING, State.SERVING)) {
      consumer.start();
      LOG.infof("consuming requests models=\"%s\"", served.names());
    }
  }

  void stop(@Observes ShutdownEvent event) throws IOException {
    drain();
    engineThread.close();
    onDemand.close();
    loading.close();
    folders.close();
  }

  /**
   * Consumes no further requests and finishes running renders within the grace period. Later calls
   * have no effect.
   */
  public void drain() {
    onDemand.release();
    if (move(State.SERVING, State.DRAINING)) {
      finish(config.shutdown().grace());
    }
    move(State.LOADING, State.DRAINING);
    move(State.WAITING, State.DRAINING);
    move(State.REFUSING, State.DRAINING);
  }

  private void finish(Duration grace) {
    consumer.stop(grace.plus(CHECKPOINTS));
    engine.drain(grace.toNanos());
    if (!consumer.await(grace)) {
      engine.drain(0);
      consumer.await(CHECKPOINTS);
    }
    LOG.infof("shutdown complete unfinished=%d", consumer.loseAll());
  }

  /** Returns the phase of the worker. */
  public State state() {
    return state;
  }

  /** Returns why the process is about to end; empty if it is not. */
  public Optional<String> failure() {
    return failure;
  }

  /**
   * Returns the failed self-tests that keep the worker from consuming requests; empty if all
   * passed.
   */
  public Optional<String> refusal() {
    return models
        .filter(loaded -> !loaded.inexact().isEmpty())
        .map(loaded -> "the self-test failed: " + String.join("; ", loaded.inexact().values()));
  }

  /** Returns why the worker does not consume requests yet; empty if it does. */
  public Optional<String> waitingFor() {
    return gate.reason();
  }

  /** Returns why the packages of buckets cannot be read at the moment; empty if they can. */
  public Optional<String> downloadProblem() {
    return folders.problem();
  }

  /** Returns the packages; empty until those of the start are loaded. */
  public Optional<ModelLoading.Loaded> models() {
    return models.map(
        start -> start.with(onDemand.after(start.served()).loaded(), onDemand.broken()));
  }

  /** Returns the thread of the render loop. */
  public EngineThread engineThread() {
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
    consumer.keepClaims();
    LOG.errorf("worker ends reason=%s", Printable.logValue(reason));
    Quarkus.asyncExit(1);
  }

  private synchronized boolean move(State from, State to) {
    boolean there = state == from;
    state = there ? to : state;
    return there;
  }
}
