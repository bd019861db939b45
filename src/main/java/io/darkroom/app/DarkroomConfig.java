package io.darkroom.app;

import io.darkroom.app.models.ModelSource;
import io.darkroom.job.Tier;
import io.darkroom.kafka.Consumption;
import io.darkroom.onnx.CudaOptions;
import io.darkroom.onnx.DeviceChoice;
import io.darkroom.s3.S3Options;
import io.quarkus.runtime.annotations.ConfigDocDefault;
import io.quarkus.runtime.annotations.ConfigDocMapKey;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Every configuration key of the worker with its default. Any key can be set as a system property
 * ({@code -Ddarkroom.engine.slots=16}), as an environment variable ({@code
 * DARKROOM_ENGINE_SLOTS=16}) or in {@code config/application.properties} in the working directory.
 *
 * <p>The page {@code src/docs/configuration.md} is generated from this file. The comment of a key
 * is its description on that page; {@code @WithDefault} or {@code @ConfigDocDefault} is its
 * default.
 */
@ConfigMapping(prefix = "darkroom")
public interface DarkroomConfig {

  /**
   * Places of model packages in diffusers layout, one sub-folder per package: folders and prefixes
   * in the object store, {@code s3://bucket/prefix/}. A worker loads them at start.
   */
  @WithDefault("models")
  List<ModelSource> models();

  /** Packages that were downloaded from the object store. */
  ModelsCache modelsCache();

  /** Packages that a worker loads when a request names them. */
  ModelsOnDemand modelsOnDemand();

  /** The render loop: slots, batching and determinism. */
  Engine engine();

  /** The device that computes the networks. */
  Device device();

  /** Memory for images and for model packages. */
  Memory memory();

  /** Upper bounds for one request; a request above one is rejected with a violation. */
  Limits limits();

  /** Where and how results are stored. */
  Output output();

  /** Where input images are read from. */
  Input input();

  /** The S3-compatible object store. */
  S3 s3();

  /** Finished results on disk while the object store is down. */
  Spool spool();

  /** The Kafka broker, topics and consumer group. */
  Kafka kafka();

  /** Limits of attempts and delays of requests, and the weights of tenants. */
  Requests requests();

  /** How long cancellations stay in effect. */
  Cancellations cancellations();

  /** The web page that shows requests and results. */
  Console console();

  /** Format of the log. */
  Log log();

  /** Graceful shutdown. */
  Shutdown shutdown();

  /** Signatures of manifests. */
  Signing signing();

  /** Keys of {@link #modelsCache()}. */
  interface ModelsCache {

    /**
     * Folder for downloaded packages. Several workers may share it. Only the user of the worker
     * needs write access.
     */
    @ConfigDocDefault("`darkroom-models` in the temporary folder of the JVM")
    Optional<Path> folder();

    /**
     * Maximum size of the packages in the folder, in bytes. The least recently used packages that
     * no worker uses are removed to stay below it. A package that does not fit is not served.
     */
    @WithDefault("53687091200")
    @Min(1)
    long bytes();
  }

  /** Keys of {@link #modelsOnDemand()}. */
  interface ModelsOnDemand {

    /**
     * Prefixes in the object store, {@code s3://bucket/prefix/}. Each folder of the first level is
     * a package that a request may name. Packages of {@code darkroom.models} take precedence, then
     * those of the first prefix.
     */
    @ConfigDocDefault("none")
    Optional<List<ModelSource>> buckets();

    /**
     * Maximum number of packages on demand that are loaded. Before another one is loaded, the least
     * recently used one that no request uses is unloaded. While requests use all of them there may
     * be more.
     */
    @WithDefault("8")
    @Min(1)
    @Max(1000)
    int most();

    /**
     * How long the names of the packages under the prefixes are used before the prefixes are listed
     * again. A new package is found after this time at the latest.
     */
    @WithDefault("1m")
    Duration listingAge();

    /** How long a broken package is refused before it is tried again. */
    @WithDefault("10m")
    Duration retryBroken();
  }

  /** Keys of {@link #engine()}. */
  interface Engine {

    /** Maximum number of images that are denoised at the same time. */
    @WithDefault("32")
    @Min(1)
    @Max(4096)
    int slots();

    /**
     * Maximum batch size (rows) of one network call. An image with classifier-free guidance takes
     * two rows. With 1 every row is a separate call, which is exact for any network.
     */
    @WithDefault("8")
    @Min(1)
    @Max(256)
    int rowsPerCall();

    /**
     * Maximum batch size for one package, by the package's name. Overrides {@code rows_per_call} in
     * the package.
     */
    @ConfigDocMapKey("NAME")
    Map<String, Integer> rowsByModel();

    /**
     * Maximum time for measuring each package at start: the worker measures calls of 1, 2, 4, ...
     * rows. {@code 0s} disables the measurement.
     */
    @WithDefault("250ms")
    Duration profile();

    /**
     * Maximum duration of one network call while a package is loaded and tested. A package that
     * takes longer is not served.
     */
    @WithDefault("5m")
    Duration selfTestRun();

    /** Threads of one network call. This value is part of the fingerprint. */
    @WithDefault("1")
    @Min(1)
    @Max(256)
    int threads();

    /**
     * Number of network calls at the same time. The rows of a call are split over this number of
     * lanes, each with its own memory for intermediate results. Pixels do not depend on this value.
     * Always 1 on a GPU.
     */
    @ConfigDocDefault(
        "physical cores that the process may use, divided by `threads`; at most `rows-per-call`")
    Optional<@Min(1) @Max(256) Integer> lanes();

    /**
     * Whether attention that an exporter wrote as separate operators is computed by one operator of
     * ONNX Runtime in denoising networks. A package is fused only if the outputs for test inputs
     * differ by at most 1e-4 of the largest value; the fingerprint then says so, and pixels are
     * other ones.
     */
    @WithDefault("false")
    boolean fuse();

    /** Determinism tier, tested at start. The log names the tier and the reason for it. */
    @ConfigDocDefault("`exact` on a CPU, `repeatable` on a GPU")
    Optional<Tier> tier();

    /**
     * Folder for known answers, for packages on a read-only file system. The worker adds missing
     * answers to this folder at start.
     */
    @ConfigDocDefault("in each package")
    Optional<Path> knownAnswers();

    /** Waiting time after which the priority of an image rises by one level. */
    @WithDefault("30s")
    Duration ageing();

    /** The liveness check fails when one iteration of the render loop takes longer than this. */
    @WithDefault("10m")
    Duration stall();
  }

  /** Keys of {@link #device()}. */
  interface Device {

    /**
     * Execution provider. {@code auto}: a GPU if ONNX Runtime can use one, otherwise the CPU.
     * {@code cuda}: a GPU; the worker does not start without one. The log names the choice and the
     * reason.
     */
    @WithDefault("auto")
    DeviceChoice provider();

    /** Index of the GPU. */
    @WithDefault("0")
    @Min(0)
    int number();

    /** Maximum GPU memory for the networks, in bytes. */
    @ConfigDocDefault("unlimited")
    OptionalLong memoryLimit();

    /** How ONNX Runtime's memory arena on the GPU grows. */
    @ConfigDocDefault("ONNX Runtime's default")
    Optional<CudaOptions.Arena> arena();

    /**
     * How cuDNN selects convolution algorithms. {@code exhaustive} measures them and may choose
     * differently at each start, so the exact tier refuses it.
     */
    @WithDefault("heuristic")
    CudaOptions.Search convolutionSearch();

    /** Whether float32 matrix products may use TF32 (10-bit mantissa). */
    @WithDefault("false")
    boolean tf32();

    /** A further option of ONNX Runtime's CUDA provider. Overrides the keys of this group. */
    @ConfigDocMapKey("NAME")
    Map<String, String> options();
  }

  /** Keys of {@link #memory()}. */
  interface Memory {

    /**
     * Bytes of the Java heap for images: input images, images that are denoised, and all outputs of
     * each started request until they are stored. Images that do not fit wait. A request that does
     * not fit on its own ends with class {@code capacity} before it starts.
     */
    @ConfigDocDefault("half of the heap")
    OptionalLong images();

    /**
     * Maximum memory of all open packages, in bytes. The worker closes the least recently used
     * packages to stay below it, and reopens a package when a request needs it.
     */
    @ConfigDocDefault("unlimited")
    OptionalLong budget();

    /** Packages that are never closed. */
    @ConfigDocDefault("none")
    Optional<Set<String>> pinned();

    /**
     * How long newer requests for open packages may overtake a request that waits for memory for
     * its package. After this time they are held back.
     */
    @WithDefault("2s")
    Duration overtakeLimit();
  }

  /** Keys of {@link #limits()}. */
  interface Limits {

    /** Maximum size of a request message, in bytes. */
    @WithDefault("1048576")
    @Min(1024)
    int requestBytes();

    /** Maximum pixels of one image, or of a frame of a film. */
    @WithDefault("4194304")
    @Min(1)
    long pixels();

    /** Maximum samples of a sound, in each channel. */
    @WithDefault("4194304")
    @Min(1)
    long samples();

    /** Maximum frames of a film. */
    @WithDefault("256")
    @Min(1)
    int frames();

    /**
     * Maximum elements of a film, of another result that is neither an image nor a sound, and of an
     * NPY tensor in a request.
     */
    @WithDefault("16777216")
    @Min(1)
    @Max(536870912)
    long elements();

    /** Maximum inference steps. */
    @WithDefault("1000")
    @Min(1)
    @Max(1000)
    int steps();

    /** Maximum images of one request; {@code darkroom.memory.images} may allow fewer large ones. */
    @WithDefault("64")
    @Min(1)
    @Max(64)
    int images();

    /**
     * Maximum of rows of the denoising network times pixels of the output, added over all images.
     */
    @WithDefault("20000000000")
    @Min(1)
    long work();

    /**
     * Maximum predicted device time of one request, in seconds: the rows of the request times the
     * time of a row that was measured at start, in proportion to the elements of the samples.
     * Without a measurement ({@code darkroom.engine.profile=0s}) there is no limit.
     */
    @WithDefault("900")
    @Min(1)
    long deviceSeconds();

    /** Maximum size of an input image or tensor, in bytes. */
    @WithDefault("33554432")
    @Min(1024)
    long inputBytes();

    /** Maximum pixels of an input image. */
    @WithDefault("16777216")
    @Min(1)
    long inputPixels();
  }

  /** Keys of {@link #output()}. */
  interface Output {

    /** Prefix of the results of a request without {@code output.prefix}; must end in a slash. */
    @WithDefault("s3://darkroom/renders/")
    @Pattern(regexp = "s3://[^/]+/(.*/)?")
    String prefix();

    /** Buckets that results may be written to. */
    @ConfigDocDefault("bucket of `darkroom.output.prefix`")
    Optional<Set<String>> buckets();

    /**
     * Validity of the presigned URL ({@code presigned_url}) of each output in a completed event: up
     * to 7 days, less with temporary keys. Everyone who can read the event can then read the image.
     */
    @ConfigDocDefault("no presigned URLs")
    Optional<Duration> presigned();

    /** Compression level of PNG files, from 0 (none) to 9 (smallest files, slowest). */
    @WithDefault("3")
    @Min(0)
    @Max(9)
    int pngLevel();
  }

  /** Keys of {@link #input()}. */
  interface Input {

    /** Buckets that input images may be read from. */
    @ConfigDocDefault("bucket of `darkroom.output.prefix`")
    Optional<Set<String>> buckets();
  }

  /** Keys of {@link #s3()}. */
  interface S3 {

    /** Address of the object store. */
    @ConfigDocDefault("AWS")
    Optional<URI> endpoint();

    /** AWS region. */
    @WithDefault("us-east-1")
    String region();

    /**
     * Whether URLs have the bucket in the path instead of the host name. If it is not set, the
     * worker detects it at start: the bucket is in the path if the host name with the bucket does
     * not exist.
     */
    @ConfigDocDefault("detected at start")
    Optional<Boolean> pathStyle();

    /**
     * Access key. The default credentials chain of the AWS SDK is: environment, profile, instance
     * role, and others.
     */
    @ConfigDocDefault("the AWS SDK's chain")
    Optional<String> accessKeyId();

    /** Secret key; required with an access key. */
    @ConfigDocDefault("the AWS SDK's chain")
    Optional<String> secretAccessKey();

    /** Session token of temporary keys; required with them. */
    @ConfigDocDefault("none")
    Optional<String> sessionToken();

    /**
     * PEM file of certificate authorities that are trusted for HTTPS in addition to those of the
     * JVM.
     */
    @ConfigDocDefault("only the JVM's authorities")
    Optional<Path> caCertificates();

    /** Timeout of one attempt of one call. */
    @WithDefault("30s")
    Duration timeout();

    /** Attempts of one call, including the first. */
    @WithDefault("4")
    @Min(1)
    @Max(10)
    int attempts();

    /**
     * Maximum time of one operation, such as storing an output, including the wait for other
     * operations, all attempts and the delays between them. In a multipart upload this is the limit
     * for each part.
     */
    @WithDefault("150s")
    Duration deadline();

    /** Maximum number of operations at the same time; further operations wait. */
    @WithDefault("32")
    @Min(1)
    @Max(S3Options.MOST_CALLS)
    int calls();

    /**
     * Part size in bytes: larger objects are written in parts of this size, if the store supports
     * it.
     */
    @WithDefault("16777216")
    @Min(S3Options.LEAST_PART)
    int partBytes();

    /**
     * Encryption by the store of each object that is written: {@code AES256}, {@code aws:kms} or
     * {@code aws:kms:dsse}.
     */
    @ConfigDocDefault("as the bucket is configured")
    Optional<@Pattern(regexp = "AES256|aws:kms|aws:kms:dsse") String> encryption();

    /** Key for {@code aws:kms} and {@code aws:kms:dsse}. */
    @ConfigDocDefault("the store's own key")
    Optional<String> kmsKeyId();

    /**
     * Storage class of each object that is written, e.g. {@code STANDARD_IA}; not {@code GLACIER}
     * or {@code DEEP_ARCHIVE}, because manifests are read.
     */
    @ConfigDocDefault("the store's own")
    Optional<String> storageClass();

    /** Value of a tag of each object that is written; up to 10 tags. */
    @ConfigDocMapKey("NAME")
    Map<String, String> tags();

    /**
     * Whether 403 means that an object does not exist. Stores answer 403 for a missing object if
     * the keys may not list the bucket.
     */
    @WithDefault("false")
    boolean forbiddenIsAbsent();

    /**
     * How long finished outputs are kept and stored again while the store fails; then they are
     * dropped.
     */
    @WithDefault("10m")
    Duration retryTimeout();
  }

  /** Keys of {@link #spool()}. */
  interface Spool {

    /**
     * Folder for finished results while the store fails, used only by this worker. If the volume
     * survives a restart, the worker continues with the files in it. Without a folder the results
     * stay on the Java heap.
     */
    @ConfigDocDefault("no spool")
    Optional<Path> folder();

    /** Maximum size of the folder, in bytes. While it is full, no request begins. */
    @WithDefault("1073741824")
    @Min(1)
    long maxBytes();
  }

  /** Keys of {@link #kafka()}. */
  interface Kafka {

    /** Brokers: {@code host:port}, separated by commas. */
    @WithDefault("localhost:9092")
    @NotEmpty
    String bootstrapServers();

    /**
     * How workers divide the requests. {@code consumer-group}: each partition belongs to one
     * worker. {@code share-group}: each request belongs to one worker, so there can be more workers
     * than partitions; needs Kafka 4.2 or later, and a {@code darkroom.kafka.group} that is not the
     * name of a consumer group.
     */
    @WithDefault("consumer-group")
    Consumption consumption();

    /** Consumer group or share group of the workers. */
    @WithDefault("darkroom")
    @NotEmpty
    String group();

    /** Topics that requests are read from, one or more. */
    @WithDefault("darkroom.requests")
    @NotEmpty
    List<@NotEmpty String> requestsTopics();

    /** Topic for terminal events. */
    @WithDefault("darkroom.events")
    @NotEmpty
    String eventsTopic();

    /** Topic for progress events. */
    @WithDefault("darkroom.progress")
    @NotEmpty
    String progressTopic();

    /** Topic for cancellations. Every worker reads all of it before it consumes requests. */
    @WithDefault("darkroom.control")
    @NotEmpty
    String controlTopic();

    /** Topic for rejected messages, with their original bytes. */
    @WithDefault("darkroom.dead-letters")
    @NotEmpty
    String deadLettersTopic();

    /**
     * Topic in which each worker records the requests that it has begun, so that a request that
     * ends workers is detected. Must be compacted.
     */
    @WithDefault("darkroom.attempts")
    @NotEmpty
    String attemptsTopic();

    /**
     * Topic of requests that failed several times and are tried again later. Without it the worker
     * keeps them and retries.
     */
    @WithDefault("darkroom.retries")
    @NotEmpty
    String retriesTopic();

    /**
     * Whether the worker creates topics that do not exist, with 8 partitions for requests and the
     * broker's default replication.
     */
    @WithDefault("false")
    boolean createTopics();

    /**
     * Maximum number of unacknowledged requests: queued, rendering, encoding, storing or sending.
     */
    @WithDefault("48")
    @Min(1)
    @Max(1024)
    int inFlight();

    /**
     * How long running requests may continue after their partition has moved to another worker. The
     * other worker waits for them, and renders the requests that are not finished by then.
     */
    @WithDefault("10m")
    Duration handover();

    /** {@code ce_source} of the events. */
    @WithDefault("/darkroom/worker")
    @NotEmpty
    String eventSource();
  }

  /** Keys of {@link #requests()}. */
  interface Requests {

    /**
     * Maximum number of attempts that end a worker. After that the request fails with class {@code
     * internal}. Needs the topic {@code darkroom.kafka.attempts-topic}.
     */
    @WithDefault("3")
    @Min(1)
    @Max(100)
    int attempts();

    /**
     * Weight of a tenant, 1 or more: while requests of several tenants wait, each tenant gets slots
     * in proportion to its weight. The tenant is the header {@code tenant} of a record, or else
     * {@code metadata.tenant} of the request, or else the topic of the record. Other tenants have
     * the weight 1.
     */
    @ConfigDocMapKey("NAME")
    Map<String, @Min(1) @Max(1000) Integer> tenants();
  }

  /** Keys of {@link #cancellations()}. */
  interface Cancellations {

    /** How long after its publication a cancellation applies to requests that arrive. */
    @WithDefault("24h")
    Duration retention();

    /** Maximum number of cancellations in memory (about 250 bytes each); the oldest are dropped. */
    @WithDefault("100000")
    @Min(0)
    @Max(10_000_000)
    int most();
  }

  /** Keys of {@link #console()}. */
  interface Console {

    /** Whether the worker serves the console. */
    @WithDefault("false")
    boolean enabled();

    /**
     * Address that the console listens on. If other machines can reach it, {@code
     * darkroom.console.token} is required.
     */
    @WithDefault("127.0.0.1")
    @NotEmpty
    String address();

    /** Port of the console; 0 for any free port, which is logged. */
    @WithDefault("8090")
    @Min(0)
    @Max(65535)
    int port();

    /** PEM file of the certificate chain. With it the console is served over HTTPS. */
    @ConfigDocDefault("none: HTTP without TLS")
    Optional<Path> tlsCertificate();

    /** PEM file of the certificate's private key (PKCS #8, without a password). */
    @ConfigDocDefault("none")
    Optional<Path> tlsKey();

    /** Whether readers of the console may publish requests and cancellations. */
    @WithDefault("false")
    boolean submit();

    /** Secret of 16 characters or more that readers must give. */
    @ConfigDocDefault("no token; only for readers on the same machine")
    Optional<String> token();

    /** Maximum age of the records that are read from the topics. */
    @WithDefault("24h")
    Duration lookBack();

    /**
     * Maximum number of results in memory (about 2 KB each), and of existing records that are read
     * per partition.
     */
    @WithDefault("2000")
    @Min(1)
    @Max(100_000)
    int results();

    /**
     * PEM files of the Ed25519 public keys that may have signed manifests. With them, the page of a
     * result says whether its signature is valid.
     */
    @ConfigDocDefault("none: signatures are not checked")
    Optional<List<Path>> publicKeys();
  }

  /** Keys of {@link #log()}. */
  interface Log {

    /** Whether log lines are JSON objects. */
    @WithDefault("false")
    boolean json();
  }

  /** Keys of {@link #signing()}. */
  interface Signing {

    /**
     * PEM file of an Ed25519 private key (PKCS #8). With it, every manifest contains a signed
     * statement about its outputs, request and fingerprints.
     */
    @ConfigDocDefault("none: manifests are not signed")
    Optional<Path> keyFile();

    /**
     * The private key itself, instead of a file: the text of the PEM file, or its base64 without
     * the first and the last line.
     */
    @ConfigDocDefault("none")
    Optional<String> key();

    /** Name of the key in signatures, so that verifiers find the public key. */
    @WithDefault("darkroom")
    String keyId();
  }

  /** Keys of {@link #shutdown()}. */
  interface Shutdown {

    /**
     * Time after SIGTERM to finish requests; less than the 30 s after which Kubernetes kills the
     * process. Requests that would take longer are returned to other workers at once, with a
     * checkpoint.
     */
    @WithDefault("20s")
    Duration grace();

    /**
     * Maximum size of a checkpoint, in bytes: the state of one unfinished request, stored as {@code
     * checkpoint.bin} next to its results, from which another worker continues with the same bits.
     * A larger checkpoint is not stored, and the request is rendered from the start. {@code 0}
     * disables checkpoints.
     */
    @WithDefault("16777216")
    @Min(0)
    long checkpointBytes();
  }
}
