package io.darkroom.app.metrics;

import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.EngineSnapshot;
import io.darkroom.engine.RenderEngine;
import io.darkroom.kafka.RequestConsumer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Publishes slots, queues and memory of the engine from a snapshot that is taken once per second.
 */
@Singleton
final class EngineGauges {
  private static final long PAUSE_MILLIS = 1000;
  private static final int MOST_SHAPES = 64;

  private final RenderEngine engine;
  private final MultiGauge buckets;
  private final MultiGauge backlog;
  private final MultiGauge memory;
  private final MultiGauge loads;
  private final Labels shapes = new Labels(MOST_SHAPES);
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(EngineGauges::daemon);
  private CompletableFuture<Void> look = CompletableFuture.completedFuture(null);
  private volatile EngineSnapshot last = EngineSnapshot.IDLE;

  @Inject
  EngineGauges(
      RenderEngine engine, RequestConsumer consumer, EngineLimits limits, MeterRegistry registry) {
    this.engine = engine;
    this.buckets = MultiGauge.builder(Metric.BUCKET_ROWS.id()).register(registry);
    this.backlog = MultiGauge.builder(Metric.BACKLOG_DEVICE_SECONDS.id()).register(registry);
    this.memory = MultiGauge.builder(Metric.MODEL_MEMORY_BYTES.id()).register(registry);
    this.loads = MultiGauge.builder(Metric.MODEL_LOADS.id()).register(registry);
    int slots = limits.slots();
    Gauge.builder(Metric.SLOTS_LIMIT.id(), () -> slots).register(registry);
    Gauge.builder(Metric.RECORDS_HELD.id(), consumer, RequestConsumer::inFlight).register(registry);
    gauge(Metric.TEXTS_BYTES.id(), held -> held.texts().bytes(), registry);
    texts("encoder", EngineSnapshot.Texts::encoded, registry);
    texts("cache", EngineSnapshot.Texts::reused, registry);
    gauge(Metric.SLOTS_USED.id(), EngineSnapshot::slotsInUse, registry);
    gauge(Metric.RECORDS_WAITING.id(), EngineSnapshot::waiting, registry);
    gauge(Metric.QUEUE_AGE_SECONDS.id(), held -> held.oldestWaitNanos() / 1e9, registry);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // runs until stop
  void start(@Observes StartupEvent event) {
    thread.scheduleWithFixedDelay(this::look, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  @PreDestroy
  void stop() {
    thread.shutdownNow();
  }

  private void gauge(String name, ToDoubleFunction<EngineSnapshot> number, MeterRegistry registry) {
    Gauge.builder(name, this, gauges -> number.applyAsDouble(gauges.last)).register(registry);
  }

  private void texts(
      String source, ToLongFunction<EngineSnapshot.Texts> count, MeterRegistry registry) {
    FunctionCounter.builder(
            Metric.TEXTS.id(), this, gauges -> count.applyAsLong(gauges.last.texts()))
        .tag("source", source)
        .register(registry);
  }

  /** Requests a snapshot after the last one has arrived, because an iteration may take long. */
  private void look() {
    if (look.isDone()) {
      look = engine.snapshot().thenAcceptAsync(this::publish, thread);
    }
  }

  private void publish(EngineSnapshot now) {
    last = now;
    Map<Tags, Double> rows = new TreeMap<>(EngineGauges::compare);
    for (EngineSnapshot.BucketRows bucket : now.buckets()) {
      Tags tags = Tags.of("model", bucket.model(), "sample", shapes.of(bucket.sample().toString()));
      rows.merge(tags, (double) bucket.rows(), Double::sum);
    }
    publish(buckets, rows);
    Map<Tags, Double> seconds = new TreeMap<>(EngineGauges::compare);
    now.backlogSeconds().forEach((model, left) -> seconds.put(Tags.of("model", model), left));
    publish(backlog, seconds);
    publish(memory, ofModels(now, EngineSnapshot.Model::bytes));
    publish(loads, ofModels(now, EngineSnapshot.Model::loads));
  }

  private static Map<Tags, Double> ofModels(
      EngineSnapshot now, ToLongFunction<EngineSnapshot.Model> number) {
    Map<Tags, Double> values = new TreeMap<>(EngineGauges::compare);
    now.models()
        .forEach(
            (name, model) ->
                values.put(Tags.of("model", name), (double) number.applyAsLong(model)));
    return values;
  }

  private static void publish(MultiGauge gauge, Map<Tags, Double> values) {
    gauge.register(
        values.entrySet().stream()
            .<MultiGauge.Row<?>>map(each -> MultiGauge.Row.of(each.getKey(), each.getValue()))
            .toList(),
        true);
  }

  private static int compare(Tags a, Tags b) {
    return a.toString().compareTo(b.toString());
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "gauges");
    thread.setDaemon(true);
    return thread;
  }
}
