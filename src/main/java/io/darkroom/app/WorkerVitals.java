package io.darkroom.app;

import io.darkroom.app.metrics.EngineMeters;
import io.darkroom.console.ModelFacts;
import io.darkroom.console.Vitals;
import io.darkroom.engine.EngineSnapshot;
import io.darkroom.engine.LoadedModel;
import io.darkroom.engine.RenderEngine;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleFunction;

/** The values of a worker that the console shows, from the metrics and a snapshot of the engine. */
final class WorkerVitals implements Vitals {
  private final Worker worker;
  private final RenderEngine engine;
  private final MeterRegistry registry;
  private CompletableFuture<EngineSnapshot> look =
      CompletableFuture.completedFuture(EngineSnapshot.IDLE);
  private EngineSnapshot last = EngineSnapshot.IDLE;

  WorkerVitals(Worker worker, RenderEngine engine, MeterRegistry registry) {
    this.worker = worker;
    this.engine = engine;
    this.registry = registry;
  }

  @Override
  public List<Map<String, Object>> models() {
    return worker
        .models()
        .map(loaded -> loaded.served().inOrder().stream().map(WorkerVitals::tree).toList())
        .orElse(List.of());
  }

  private static Map<String, Object> tree(LoadedModel model) {
    Map<String, Object> tree = ModelFacts.tree(model.card());
    tree.put("tier", model.device().tier());
    tree.put("rows_per_call", model.device().rowsPerCall());
    return tree;
  }

  @Override
  public OptionalLong calls() {
    return OptionalLong.of((long) sum(DistributionSummary::count));
  }

  @Override
  public long rows() {
    return (long) sum(DistributionSummary::totalAmount);
  }

  private double sum(ToDoubleFunction<DistributionSummary> number) {
    return registry.find(EngineMeters.CALL_ROWS).summaries().stream().mapToDouble(number).sum();
  }

  /** Returns the values of the last snapshot, because an iteration of the engine may take long. */
  @Override
  public synchronized Map<String, Double> backlogSeconds() {
    if (look.isDone()) {
      last = look.isCompletedExceptionally() ? EngineSnapshot.IDLE : look.join();
      look = engine.snapshot();
    }
    Map<String, Double> seconds = new TreeMap<>();
    last.backlogSeconds()
        .forEach((model, left) -> seconds.put(model, StrictMath.rint(left * 10) / 10));
    return seconds;
  }
}
