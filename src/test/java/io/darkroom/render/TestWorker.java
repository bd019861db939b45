package io.darkroom.render;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.darkroom.app.cli.FolderStore;
import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.FormulaNetworks;
import io.darkroom.engine.LoadedModel;
import io.darkroom.engine.Networks;
import io.darkroom.engine.NoiseThreads;
import io.darkroom.engine.RenderEngine;
import io.darkroom.job.Tier;
import io.darkroom.json.RequestCodec;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.OrtNetworks;
import io.darkroom.onnx.PackageReader;
import io.darkroom.plan.Limits;
import io.darkroom.plan.Planner;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * All parts of a worker except the broker: a real engine on its thread, real packages, and objects
 * in a folder. Its clock is fixed.
 */
final class TestWorker implements AutoCloseable {
  static final Path STARTER = Path.of("src/main/models");
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  static final String SOURCE = "darkroom.requests/0/7";
  static final RetryPolicy QUICK =
      new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(7));

  /** Images that run at the same time. */
  static final int SLOTS = 8;

  private static final int MAX_BYTES = 1 << 20;
  private static final Limits LIMITS = new Limits(1 << 16, 100, 8, 1_000_000);
  private final Cancellations cancellations =
      new Cancellations(Duration.ofDays(1), 100, Clock.fixed(NOW, ZoneOffset.UTC));
  private final AtomicLong rows = new AtomicLong();
  private final RenderEngine engine;
  private final Thread thread = new Thread(this::turn, "engine");
  private final CompletableFuture<LoadedModel> died = new CompletableFuture<>();
  private final Map<String, LoadedModel> models = new HashMap<>();
  private final FolderStore store;
  private volatile boolean stopping;
  private volatile long drainAt = Long.MAX_VALUE;

  /** Starts the engine with some of the starter packages. */
  TestWorker(Path folder, String... starters) {
    this(folder, new EngineLimits(SLOTS, Duration.ofSeconds(30)), starters);
  }

  /** Starts an engine with other limits. */
  TestWorker(Path folder, EngineLimits limits, String... starters) {
    engine =
        new RenderEngine(
            System::nanoTime, limits, (model, call) -> called(call.rows()), NoiseThreads.start());
    store = new FolderStore(folder);
    thread.setUncaughtExceptionHandler((t, failure) -> died.completeExceptionally(failure));
    thread.start();
    for (String name : starters) {
      serve(
          () ->
              OrtNetworks.load(
                  PackageReader.read(STARTER.resolve(name)),
                  new NetworkSettings(1, 4, Tier.EXACT)));
    }
  }

  /** Starts an engine with only the model {@code formula}. */
  static TestWorker formula(Path folder) {
    TestWorker darkroom = new TestWorker(folder);
    darkroom.serve(() -> new FormulaNetworks("formula", 1));
    return darkroom;
  }

  /** A small request to the model {@code formula}. */
  static String request(String id) {
    return "{'id':'%s','kind':'generate','model':'formula','class_label':1,'num_inference_steps':3}"
        .formatted(id);
  }

  private void called(int more) {
    if (rows.addAndGet(more) >= drainAt) {
      engine().drain(0);
    }
  }

  private RenderEngine engine() {
    return engine;
  }

  /** Stops all renders when the networks have run this number of rows. */
  TestWorker drainingAt(long after) {
    drainAt = after;
    return this;
  }

  /** Serves one more package, in the exact tier with up to four rows per call. */
  void serve(Path pack) {
    serve(() -> OrtNetworks.load(PackageReader.read(pack), new NetworkSettings(1, 4, Tier.EXACT)));
  }

  /** Serves one more model. */
  void serve(Callable<Networks> opener) {
    LoadedModel model = (LoadedModel) CompletableFuture.anyOf(engine.load(opener), died).join();
    models.put(model.card().name(), model);
  }

  Cancellations cancellations() {
    return cancellations;
  }

  FolderStore store() {
    return store;
  }

  /** Rows that the networks ran for requests, so far. */
  long rows() {
    return rows.get();
  }

  /** The digest of a package that is served. */
  String sha256(String model) {
    return models.get(model).card().sha256();
  }

  /** Settles a request, its JSON with single quotes. */
  Settlement settle(String json) {
    return over(store).settle(delivery(json));
  }

  Settlement settle(byte[] body, String contentType) {
    return over(store).settle(new Delivery(SOURCE, contentType, new Bytes(body), NOW, NOW));
  }

  static Delivery delivery(String json) {
    byte[] body = json.replace('\'', '"').getBytes(UTF_8);
    return new Delivery(SOURCE, "application/json", new Bytes(body), NOW, NOW);
  }

  /** Returns a pipeline with another store. */
  RenderPipeline over(ObjectStore other) {
    return over(other, JobListener.NONE);
  }

  /** Returns a pipeline with a listener. */
  RenderPipeline over(ObjectStore other, JobListener listener) {
    return over(other, listener, LIMITS);
  }

  /** Returns a pipeline with another store and this heap limit for a request. */
  RenderPipeline over(ObjectStore other, long heapBytes) {
    Limits limits =
        new Limits(
            LIMITS.maxPixels(),
            LIMITS.maxSteps(),
            LIMITS.maxImages(),
            LIMITS.maxWork(),
            LIMITS.maxDeviceSeconds(),
            heapBytes);
    return over(other, JobListener.NONE, limits);
  }

  /** A listener for the outcome of previews. */
  static JobListener previews(Consumer<JobEvent.PreviewFate> fates) {
    return event -> {
      if (event instanceof JobEvent.Previewed previewed) {
        fates.accept(previewed.fate());
      }
    };
  }

  /** Returns a pipeline whose results go to the store through a spool. */
  RenderPipeline over(ObjectStore other, Spool spool) {
    return over(other, new SpooledStore(other, spool), JobListener.NONE, LIMITS);
  }

  private RenderPipeline over(ObjectStore other, JobListener listener, Limits limits) {
    return over(other, other, listener, limits);
  }

  private RenderPipeline over(
      ObjectStore other, ObjectStore results, JobListener listener, Limits limits) {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    return new RenderPipeline(
        new RequestCodec(MAX_BYTES),
        new Planner(limits),
        engine,
        new ServedModels(models),
        other,
        results,
        List.of(listener),
        cancellations,
        settings(),
        clock,
        System::nanoTime);
  }

  private static RenderSettings settings() {
    return new RenderSettings(
        ObjectUri.parse("s3://pictures/renders/"),
        Set.of("pictures", "other"),
        Set.of("pictures", "sources"),
        20_000,
        10_000,
        3,
        1 << 20,
        QUICK,
        ManifestSigner.NONE,
        Map.of("paying", 3),
        "test");
  }

  private void turn() {
    try {
      while (!stopping) {
        if (engine.runIteration() == 0) {
          engine.awaitWork(1_000_000_000);
        }
      }
      CompletableFuture<Void> closed = engine.close();
      engine.runIteration();
      closed.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopping = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
