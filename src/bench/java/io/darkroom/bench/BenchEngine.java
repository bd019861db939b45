package io.darkroom.bench;

import io.darkroom.DirectEngine;
import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.LoadedModel;
import io.darkroom.engine.Networks;
import io.darkroom.engine.NoiseThreads;
import io.darkroom.engine.RenderEngine;
import io.darkroom.engine.StageJob;
import io.darkroom.json.Decoded;
import io.darkroom.json.RequestCodec;
import io.darkroom.plan.Draft;
import io.darkroom.plan.InvalidPlan;
import io.darkroom.plan.Limits;
import io.darkroom.plan.Planner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** An engine with one package on the calling thread, and the code that plans a request as a job. */
final class BenchEngine {
  private static final Duration AGEING = Duration.ofSeconds(30);
  private static final Limits LIMITS = new Limits(1 << 20, 1000, 64, Long.MAX_VALUE);

  private final Planner planner = new Planner(LIMITS);
  private final RequestCodec codec = new RequestCodec(RequestCodec.DEFAULT_MAX_BYTES);
  private final RenderEngine engine;
  private final LoadedModel model;

  BenchEngine(Networks networks, int slots, LongSupplier nanoClock, EngineObserver observer) {
    this(networks, slots, new Setup(nanoClock, observer, NoiseThreads.start()));
  }

  BenchEngine(Networks networks, int slots, Setup setup) {
    engine =
        new RenderEngine(
            setup.nanoClock(), new EngineLimits(slots, AGEING), setup.observer(), setup.others());
    CompletableFuture<LoadedModel> loaded = engine.load(() -> networks);
    engine.runIteration();
    model = loaded.join();
  }

  /**
   * The parts around an engine.
   *
   * @param others threads that draw noise while the network runs
   */
  record Setup(LongSupplier nanoClock, EngineObserver observer, Executor others) {

    /** Everything runs on one thread. */
    static Setup alone(EngineObserver observer) {
      return new Setup(System::nanoTime, observer, unused -> {});
    }
  }

  RenderEngine engine() {
    return engine;
  }

  StageJob job(String request) throws InvalidPlan {
    Decoded decoded = codec.read(request.getBytes(StandardCharsets.UTF_8), "application/json");
    if (decoded instanceof Decoded.Valid valid) {
      Draft draft = planner.draft(valid.request(), model.card());
      return DirectEngine.stageJob(DirectEngine.complete(draft, valid.request(), model), model);
    }
    throw new IllegalArgumentException(request + ": " + decoded);
  }
}
