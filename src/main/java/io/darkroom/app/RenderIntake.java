package io.darkroom.app;

import io.darkroom.app.metrics.RequestLog;
import io.darkroom.app.metrics.RequestMeters;
import io.darkroom.engine.RenderEngine;
import io.darkroom.job.Problem;
import io.darkroom.json.RequestCodec;
import io.darkroom.plan.Planner;
import io.darkroom.render.Cancellations;
import io.darkroom.render.Delivery;
import io.darkroom.render.Intake;
import io.darkroom.render.JobListener;
import io.darkroom.render.Models;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.RenderPipeline;
import io.darkroom.render.RenderSettings;
import io.darkroom.render.Settlement;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * The pipeline of the worker. A request that arrives before the models are loaded waits for them.
 */
@Singleton
final class RenderIntake implements Intake {
  private final RequestCodec codec;
  private final Planner planner;
  private final RenderEngine engine;
  private final ObjectStore store;
  private final ResultSpool spool;
  private final JobListener progress;
  private final Cancellations cancellations;
  private final RenderSettings settings;
  private final Clock clock;
  private final LongSupplier nanoClock;
  private final MeterRegistry registry;
  private final CompletableFuture<Intake> pipeline = new CompletableFuture<>();

  @Inject
  RenderIntake(
      RequestCodec codec,
      Planner planner,
      RenderEngine engine,
      ObjectStore store,
      ResultSpool spool,
      JobListener progress,
      Cancellations cancellations,
      RenderSettings settings,
      Clock clock,
      LongSupplier nanoClock,
      MeterRegistry registry) {
    this.codec = codec;
    this.planner = planner;
    this.engine = engine;
    this.store = store;
    this.spool = spool;
    this.progress = progress;
    this.cancellations = cancellations;
    this.settings = settings;
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.registry = registry;
  }

  /** Creates the pipeline with the models that requests may name. */
  void open(Models models) {
    List<JobListener> listeners =
        List.of(progress, new RequestMeters(registry, models, clock), new RequestLog(clock));
    pipeline.complete(
        new RenderPipeline(
            codec,
            planner,
            engine,
            models,
            store,
            spool.wrap(store),
            listeners,
            cancellations,
            settings,
            clock,
            nanoClock));
  }

  @Override
  public Settlement settle(Delivery delivery) {
    return pipeline.join().settle(delivery);
  }

  @Override
  public Settlement giveUp(Delivery delivery, Problem problem) {
    return pipeline.join().giveUp(delivery, problem);
  }
}
