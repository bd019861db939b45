package io.darkroom.app;

import io.darkroom.app.models.BucketSettings;
import io.darkroom.app.models.ModelSource;
import io.darkroom.app.models.OnDemandSettings;
import io.darkroom.attest.KeySigner;
import io.darkroom.attest.Keys;
import io.darkroom.console.ConsoleSettings;
import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.ModelMemory;
import io.darkroom.http.TlsFiles;
import io.darkroom.kafka.KafkaSettings;
import io.darkroom.kafka.TopicNames;
import io.darkroom.onnx.CudaOptions;
import io.darkroom.onnx.KnownAnswers;
import io.darkroom.onnx.Lanes;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.Opening;
import io.darkroom.onnx.Provider;
import io.darkroom.plan.Limits;
import io.darkroom.render.ManifestSigner;
import io.darkroom.render.ObjectUri;
import io.darkroom.render.RenderSettings;
import io.darkroom.render.RetryPolicy;
import io.darkroom.s3.S3Options;
import io.darkroom.s3.S3Settings;
import io.darkroom.s3.WriteOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Converts the configuration into the settings of the other packages, for the worker and the
 * commands.
 */
public final class Configured {
  private static final Logger LOG = Logger.getLogger(Configured.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private Configured() {}

  /** Returns the limits of an engine. */
  public static EngineLimits engineLimits(DarkroomConfig config) {
    DarkroomConfig.Memory memory = config.memory();
    return new EngineLimits(
        config.engine().slots(),
        config.engine().ageing(),
        new ModelMemory(memory.budget(), memory.pinned().orElse(Set.of()), memory.overtakeLimit()),
        imageBytes(config));
  }

  /** Returns the limits of one request. */
  public static Limits requestLimits(DarkroomConfig config) {
    DarkroomConfig.Limits limits = config.limits();
    return new Limits(
        limits.pixels(),
        limits.steps(),
        limits.images(),
        limits.work(),
        limits.deviceSeconds(),
        imageBytes(config),
        limits.samples(),
        limits.frames(),
        limits.elements());
  }

  /** Returns the bytes of the heap for images. */
  static long imageBytes(DarkroomConfig config) {
    return config.memory().images().orElse(Runtime.getRuntime().maxMemory() / 2);
  }

  /** Returns how a worker runs networks. Logs the tier and the reason for it. */
  public static NetworkSettings networks(DarkroomConfig config) {
    DarkroomConfig.Engine engine = config.engine();
    Provider provider = config.device().provider().resolve(cuda(config.device()));
    TierChoice choice = TierChoice.of(engine.tier(), provider);
    LOG.infof(
        "tier tier=%s provider=%s reason=\"%s\"",
        choice.tier().wire(), provider.wire(), choice.reason());
    return new NetworkSettings(
        engine.threads(),
        engine.rowsPerCall(),
        choice.tier(),
        provider,
        engine.selfTestRun(),
        lanes(engine, provider, engine.threads(), engine.rowsPerCall()),
        engine.fuse());
  }

  /**
   * Starts the lanes of an engine. The owner of the engine closes them. By default there are no
   * more lanes than rows in a call, so that a call needs no more memory than on one lane.
   */
  public static Lanes lanes(
      DarkroomConfig.Engine engine, Provider provider, int threads, int rowsPerCall) {
    int fitting = Math.min(Lanes.fitting(provider, threads), rowsPerCall);
    return Lanes.of(provider.equals(Provider.CPU) ? engine.lanes().orElse(fitting) : fitting);
  }

  /** Returns the options of a GPU. */
  public static CudaOptions cuda(DarkroomConfig.Device device) {
    return new CudaOptions(
        device.number(),
        device.memoryLimit(),
        device.arena(),
        device.convolutionSearch(),
        device.tf32(),
        device.options());
  }

  /** Returns how packages are opened and tested. */
  public static Opening opening(DarkroomConfig config) {
    DarkroomConfig.Engine engine = config.engine();
    KnownAnswers known =
        engine.knownAnswers().map(KnownAnswers::in).orElseGet(KnownAnswers::inPackages);
    return new Opening(known, engine.rowsByModel(), engine.profile(), System::nanoTime);
  }

  /** Returns the settings of the render pipeline. */
  public static RenderSettings render(DarkroomConfig config) {
    ObjectUri prefix = ObjectUri.parse(config.output().prefix());
    Set<String> own = Set.of(prefix.bucket());
    return new RenderSettings(
        prefix,
        config.output().buckets().orElse(own),
        config.input().buckets().orElse(own),
        config.limits().inputBytes(),
        config.limits().inputPixels(),
        config.output().pngLevel(),
        config.shutdown().checkpointBytes(),
        new RetryPolicy(FIRST_PAUSE, LONGEST_PAUSE, config.s3().retryTimeout()),
        signer(config.signing()),
        config.requests().tenants(),
        Version.number());
  }

  private static ManifestSigner signer(DarkroomConfig.Signing signing) {
    return signingKey(signing)
        .<ManifestSigner>map(source -> new KeySigner(source, signing.keyId()))
        .orElse(ManifestSigner.NONE);
  }

  /** Returns where the signing key is; empty if manifests are not signed. */
  private static Optional<KeySigner.Source> signingKey(DarkroomConfig.Signing signing) {
    Optional<Path> file = signing.keyFile();
    Optional<String> key = signing.key();
    if (file.isPresent() && key.isPresent()) {
      return Optional.of(
          () -> {
            throw new IOException("darkroom.signing: must have key-file or key, has both");
          });
    }
    return file.<KeySigner.Source>map(each -> () -> signingKey(each))
        .or(() -> key.map(text -> () -> Keys.privateKey("darkroom.signing.key", text)));
  }

  private static PrivateKey signingKey(Path file) throws IOException {
    try {
      return Keys.privateKey(file);
    } catch (IOException unusable) {
      throw new IOException("darkroom.signing.key-file: " + unusable.getMessage(), unusable);
    }
  }

  /** Returns why manifests cannot be signed; empty if they can, or are not signed. */
  public static Optional<String> signingProblem(DarkroomConfig.Signing signing) {
    try {
      Optional<KeySigner.Source> source = signingKey(signing);
      if (source.isPresent()) {
        source.get().read();
      }
      return Optional.empty();
    } catch (IOException unusable) {
      return Optional.of(String.valueOf(unusable.getMessage()));
    }
  }

  /**
   * Returns how packages are read from buckets.
   *
   * @param listing how long an unreachable store is tried when packages are listed
   * @param reading how long it is tried when a file is read
   */
  public static BucketSettings buckets(DarkroomConfig config, Duration listing, Duration reading) {
    return new BucketSettings(
        modelsCache(config.modelsCache()),
        config.modelsCache().bytes(),
        new RetryPolicy(FIRST_PAUSE, LONGEST_PAUSE, listing),
        new RetryPolicy(FIRST_PAUSE, LONGEST_PAUSE, reading));
  }

  /**
   * Returns which packages are loaded on demand. Half of the requests in flight may wait for them.
   */
  static OnDemandSettings onDemand(DarkroomConfig config) {
    DarkroomConfig.ModelsOnDemand onDemand = config.modelsOnDemand();
    return new OnDemandSettings(
        ModelSource.prefixes(onDemand.buckets().orElse(List.of())),
        onDemand.most(),
        Math.max(1, config.kafka().inFlight() / 2),
        onDemand.listingAge(),
        onDemand.retryBroken());
  }

  /** Returns the folder for downloaded packages. */
  static Path modelsCache(DarkroomConfig.ModelsCache cache) {
    return cache
        .folder()
        .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"), "darkroom-models"));
  }

  /** Returns the settings of the object store's client. */
  public static S3Settings s3(DarkroomConfig.S3 s3) {
    return new S3Settings(
        s3.endpoint(),
        s3.region(),
        s3.pathStyle().orElse(false),
        s3.accessKeyId()
            .map(
                key ->
                    new S3Settings.Credentials(
                        key, s3.secretAccessKey().orElse(""), s3.sessionToken())),
        s3.caCertificates(),
        s3.timeout(),
        s3.attempts());
  }

  /** Returns the options of reads and writes in the store. */
  public static S3Options s3Options(DarkroomConfig.S3 s3) {
    return new S3Options(
        s3.forbiddenIsAbsent(), writes(s3), s3.partBytes(), s3.calls(), s3.deadline());
  }

  private static WriteOptions writes(DarkroomConfig.S3 s3) {
    return new WriteOptions(
        s3.encryption().map(each -> new WriteOptions.Encryption(each, s3.kmsKeyId())),
        s3.storageClass(),
        s3.tags());
  }

  /**
   * Returns the settings of the object store's client without the configured credentials and
   * authorities.
   */
  static S3Settings unauthorizedS3(DarkroomConfig.S3 s3) {
    return new S3Settings(
        s3.endpoint(),
        s3.region(),
        s3.pathStyle().orElse(false),
        Optional.empty(),
        Optional.empty(),
        s3.timeout(),
        s3.attempts());
  }

  /** Returns the settings of the consumer and of the retries. */
  static KafkaSettings kafka(DarkroomConfig config) {
    DarkroomConfig.Kafka kafka = config.kafka();
    String worker = ManagementFactory.getRuntimeMXBean().getName();
    return new KafkaSettings(
        kafka.inFlight(),
        new RetryPolicy(FIRST_PAUSE, LONGEST_PAUSE, RetryPolicy.UNLIMITED),
        kafka.handover(),
        worker,
        topics(kafka),
        config.requests().attempts(),
        kafka.consumption(),
        kafka.group());
  }

  /** Returns the settings of a console. */
  public static ConsoleSettings console(DarkroomConfig config) {
    RenderSettings render = render(config);
    Set<String> buckets = new HashSet<>(render.outputBuckets());
    buckets.addAll(render.inputBuckets());
    DarkroomConfig.Console console = config.console();
    return new ConsoleSettings(
        console.address(),
        console.port(),
        TlsFiles.of(console.tlsCertificate(), console.tlsKey()),
        console.submit(),
        console.token(),
        buckets,
        console.lookBack(),
        console.results(),
        console.publicKeys().orElse(List.of()));
  }

  /** Returns the names of a worker's topics. */
  public static TopicNames topics(DarkroomConfig.Kafka kafka) {
    return new TopicNames(
        kafka.requestsTopics(),
        kafka.controlTopic(),
        kafka.eventsTopic(),
        kafka.progressTopic(),
        kafka.deadLettersTopic(),
        kafka.attemptsTopic(),
        kafka.retriesTopic());
  }
}
