package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.job.ImageRef;
import io.darkroom.job.RenderRequest;
import io.darkroom.json.Decoded;
import io.darkroom.json.RequestCodec;
import io.darkroom.plan.Planner;
import io.darkroom.render.Bytes;
import io.darkroom.render.Cancellations;
import io.darkroom.render.Delivery;
import io.darkroom.render.JobListener;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import io.darkroom.render.RenderPipeline;
import io.darkroom.render.RenderSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Creates the pipeline of a worker with a local store in which all buckets are allowed. */
final class LocalRender {
  /** Prefix of the results of requests without {@code output.prefix}. */
  static final ObjectUri PREFIX = ObjectUri.parse("s3://pictures/");

  private final DarkroomConfig config;
  private final LocalEngine engine;
  private final ObjectStore store;
  private final JobListener progress;
  private final RequestCodec codec;

  LocalRender(DarkroomConfig config, LocalEngine engine, ObjectStore store, JobListener progress) {
    this.config = config;
    this.engine = engine;
    this.store = store;
    this.progress = progress;
    this.codec = new RequestCodec(config.limits().requestBytes());
  }

  /** Returns a delivery with the content of a file. */
  static Delivery delivery(Path file, byte[] body, Clock clock) {
    Instant now = clock.instant();
    return new Delivery(file.toString(), "application/json", new Bytes(body), now, now);
  }

  /** Creates a pipeline that allows all buckets in the requests. */
  RenderPipeline pipeline(List<Delivery> deliveries) {
    Set<String> buckets = buckets(deliveries);
    return pipeline(buckets, buckets);
  }

  /**
   * Creates a pipeline.
   *
   * @param outputs buckets that results may be written to
   * @param inputs buckets that pictures may be read from
   * @throws IllegalArgumentException if manifests are to be signed, and the key is not usable
   */
  RenderPipeline pipeline(Set<String> outputs, Set<String> inputs) {
    Configured.signingProblem(config.signing())
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
    return new RenderPipeline(
        codec,
        new Planner(Configured.requestLimits(config)),
        engine.engine(),
        engine.models(),
        store,
        store,
        List.of(progress),
        Cancellations.none(),
        settings(outputs, inputs),
        Clock.systemUTC(),
        System::nanoTime);
  }

  private RenderSettings settings(Set<String> outputs, Set<String> inputs) {
    RenderSettings worker = Configured.render(config);
    return new RenderSettings(
        PREFIX,
        outputs,
        inputs,
        worker.maxInputBytes(),
        worker.maxInputPixels(),
        worker.pngLevel(),
        worker.maxCheckpointBytes(),
        worker.retries(),
        worker.signer(),
        worker.tenantWeights(),
        worker.workerVersion());
  }

  private Set<String> buckets(List<Delivery> deliveries) {
    Set<String> buckets = new HashSet<>(Set.of(PREFIX.bucket()));
    for (Delivery delivery : deliveries) {
      if (codec.read(delivery.body().array(), delivery.headers()) instanceof Decoded.Valid valid) {
        addresses(valid.request()).map(uri -> uri.split("/", 4)[2]).forEach(buckets::add);
      }
    }
    return buckets;
  }

  /** Returns the addresses in a request. The schema ensures the form {@code s3://bucket/...}. */
  private static Stream<String> addresses(RenderRequest request) {
    Stream<String> inputs =
        request.stage().references().values().stream()
            .flatMap(ref -> ref instanceof ImageRef.Stored stored ? Stream.of(stored.uri()) : null);
    return Stream.concat(request.output().prefix().stream(), inputs);
  }
}
