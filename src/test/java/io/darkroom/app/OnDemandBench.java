package io.darkroom.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.darkroom.LocalS3;
import io.darkroom.app.cli.FolderStore;
import io.darkroom.app.metrics.ModelGauges;
import io.darkroom.app.models.BucketSettings;
import io.darkroom.app.models.LocatedModels;
import io.darkroom.app.models.ModelFolders;
import io.darkroom.app.models.OnDemandModels;
import io.darkroom.app.models.OnDemandSettings;
import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.ModelMemory;
import io.darkroom.engine.NoiseThreads;
import io.darkroom.engine.RenderEngine;
import io.darkroom.faults.FaultProxy;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.Tier;
import io.darkroom.json.MessageHeaders;
import io.darkroom.json.RequestCodec;
import io.darkroom.onnx.HostilePackages;
import io.darkroom.onnx.KnownAnswers;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.Opening;
import io.darkroom.plan.Limits;
import io.darkroom.plan.Planner;
import io.darkroom.render.Bytes;
import io.darkroom.render.Cancellations;
import io.darkroom.render.Delivery;
import io.darkroom.render.Lease;
import io.darkroom.render.ManifestSigner;
import io.darkroom.render.ObjectUri;
import io.darkroom.render.RenderPipeline;
import io.darkroom.render.RenderSettings;
import io.darkroom.render.RetryPolicy;
import io.darkroom.render.ServedModels;
import io.darkroom.s3.S3Access;
import io.darkroom.s3.S3Clients;
import io.darkroom.s3.S3Objects;
import io.darkroom.s3.S3Options;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A worker without a broker: an engine that serves the package {@code first} from the start, and a
 * bucket behind a proxy with the packages on demand.
 */
final class OnDemandBench implements AutoCloseable {
  static final int WAITING = 3;
  static final Duration AGE = Duration.ofMinutes(1);
  static final Duration RETRY = Duration.ofMinutes(10);

  private static final RetryPolicy ONCE =
      new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO);

  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final Cancellations cancellations = new Cancellations(Duration.ofDays(1), 100, Clock.systemUTC());
  final List<String> lines = new CopyOnWriteArrayList<>();
  final AtomicInteger listings = new AtomicInteger();
  final FaultProxy proxy;
  final RenderEngine engine;
  final OnDemandModels models;

  private final Path bucket;
  private final LocalS3 server;
  private final S3Client client;
  private final EngineThread thread;
  private final ModelLoading loading;
  private final RenderPipeline pipeline;
  private final AtomicLong later = new AtomicLong();

  OnDemandBench(Path root, int most, long cacheBytes) throws Exception {
    this(root, most, cacheBytes, ModelMemory.UNLIMITED);
  }

  OnDemandBench(Path root, int most, long cacheBytes, ModelMemory memory) throws Exception {
    bucket = Files.createDirectories(root.resolve("s3/models"));
    server = new LocalS3(root.resolve("s3"), 0);
    proxy = new FaultProxy(server.endpoint());
    rule(FaultProxy.Fault.NONE);
    client = S3Clients.open(server.settings(proxy.endpoint()));
    EngineLimits limits = new EngineLimits(4, Duration.ofSeconds(30), memory);
    engine = new RenderEngine(this::nanos, limits, EngineObserver.NONE, NoiseThreads.start());
    thread = new EngineThread(engine, fault -> lines.add("engine " + fault), System::nanoTime);
    thread.start();
    loading =
        new ModelLoading(
            engine,
            new NetworkSettings(1, 4, Tier.EXACT),
            Opening.comparedWith(KnownAnswers.inPackages()));
    models = models(root.resolve("cache"), most, cacheBytes);
    Path start = root.resolve("start");
    HostilePackages.sound(start.resolve("first"));
    pipeline = pipeline(root, loading.load(LocatedModels.in(List.of(start))).served());
  }

  private OnDemandModels models(Path cache, int most, long bytes) {
    ObjectUri prefix = ObjectUri.parse("s3://models/more/");
    return new OnDemandModels(
        new OnDemandSettings(List.of(prefix), most, WAITING, AGE, RETRY),
        new S3Objects(new S3Access(client, S3Options.DEFAULT)),
        new BucketSettings(cache, bytes, ONCE, ONCE),
        new OnDemandLoading(loading, engine, new ModelGauges(registry)),
        Clock.systemUTC(),
        this::nanos,
        new ModelFolders.Report(lines::add, lines::add));
  }

  private RenderPipeline pipeline(Path root, ServedModels start) {
    FolderStore store = new FolderStore(root.resolve("results"));
    return new RenderPipeline(
        new RequestCodec(1 << 20),
        new Planner(new Limits(1 << 16, 100, 8, 10_000_000)),
        engine,
        models.after(start),
        store,
        store,
        List.of(),
        cancellations,
        new RenderSettings(
            ObjectUri.parse("s3://pictures/renders/"),
            Set.of("pictures"),
            Set.of("pictures"),
            20_000,
            10_000,
            3,
            1 << 20,
            ONCE,
            ManifestSigner.NONE,
            Map.of(),
            "test"),
        Clock.systemUTC(),
        System::nanoTime);
  }

  private long nanos() {
    return System.nanoTime() + later.get();
  }

  /** Moves the clock forward. */
  void pass(Duration time) {
    later.addAndGet(time.toNanos());
  }

  /** Handles every request to the store, and counts those that list folders. */
  void rule(FaultProxy.Fault fault) {
    proxy.rule(
        request -> {
          if (request.target().contains("delimiter=")) {
            listings.incrementAndGet();
          }
          return fault;
        });
  }

  /** Holds back the objects until the future is done. */
  void hold(CompletableFuture<Void> until) {
    proxy.rule(
        request -> {
          if (!request.target().contains("list-type")) {
            until.join();
          }
          return FaultProxy.Fault.NONE;
        });
  }

  /** Returns the folder of a package in the bucket. */
  Path folder(String name) {
    return bucket.resolve("more").resolve(name);
  }

  /** Puts a small package into the bucket. */
  void put(String name) throws IOException {
    HostilePackages.sound(folder(name));
  }

  /** Puts a copy of a package into the bucket. */
  void put(String name, Path from) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = folder(name).resolve(from.relativize(file).toString());
        Files.createDirectories(to.resolveSibling("."));
        Files.copy(file, to);
      }
    }
  }

  long downloads() {
    return lines.stream().filter(line -> line.startsWith("package download begins")).count();
  }

  void awaitDownload() throws InterruptedException {
    while (downloads() == 0) {
      Thread.sleep(5);
    }
  }

  /** Renders with a model; further fields of the request have single quotes. */
  RenderOutcome render(String id, String model, String fields) {
    return render(id, model, fields, Lease.PERMANENT);
  }

  RenderOutcome render(String id, String model, String fields, Lease lease) {
    String json =
        "{'id':'%s','kind':'generate','model':'%s','num_inference_steps':2,'seed':1%s}"
            .formatted(id, model, fields);
    Instant now = Instant.now();
    return pipeline
        .settle(
            new Delivery(
                "requests/0/1",
                MessageHeaders.of("application/json"),
                new Bytes(json.replace('\'', '"').getBytes(UTF_8)),
                now,
                now,
                1,
                Map.of(),
                Optional.empty(),
                lease))
        .outcome();
  }

  /** Renders on a new thread. */
  CompletableFuture<RenderOutcome> begin(String id, String model, String fields, Lease lease) {
    CompletableFuture<RenderOutcome> outcome = new CompletableFuture<>();
    Thread worker =
        new Thread(
            () -> {
              try {
                outcome.complete(render(id, model, fields, lease));
              } catch (RuntimeException failure) {
                outcome.completeExceptionally(failure);
              }
            });
    worker.setDaemon(true);
    worker.start();
    return outcome;
  }

  CompletableFuture<RenderOutcome> begin(String id, String model) {
    return begin(id, model, "", Lease.PERMANENT);
  }

  @Override
  public void close() throws IOException {
    rule(FaultProxy.Fault.NONE);
    thread.close();
    models.close();
    loading.close();
    client.close();
    proxy.close();
    server.close();
  }
}
