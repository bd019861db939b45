package io.darkroom.app;

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
 * <p>The page {@code src/docs/configuration.md} is made from this file: a key's comment is its
 * description there, {@code @WithDefault} or {@code @ConfigDocDefault} its default.
 */
@ConfigMapping(prefix = "darkroom")
public interface DarkroomConfig {

  /** Folders that hold model packages in diffusers layout, one sub-folder per package. */
  @WithDefault("models")
  List<Path> models();

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

  /** When requests are given up. */
  Requests requests();

  /** How long cancellations stay in effect. */
  Cancellations cancellations();

  /** Format of the log. */
  Log log();

  /** Graceful shutdown. */
  Shutdown shutdown();

  /** Signatures of manifests. */
  Signing signing();

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
     * Maximum time for measuring each package at start: the worker times calls of 1, 2, 4, ...
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

    /** Determinism tier, tested at start. The log names the tier and the reason for it. */
    @ConfigDocDefault("`exact` on a CPU, `repeatable` on a GPU")
    Optional<Tier> tier();

    /**
     * Folder for known answers, for packages on a read-only file system. The worker adds missing
     * answers to this folder at start.
     */
    @ConfigDocDefault("in each package")
    Optional<Path> knownAnswers();

    /** Waiting time that raises the priority of an image by one level. */
    @WithDefault("30s")
    Duration ageing();

    /** The liveness check fails when one iteration of the render loop takes longer than this. */
    @WithDefault("10m")
    Duration stall();
  }

  /** Keys of {@link #device()}. */
  interface Device {

    /**
     * Execution provider. {@code auto}: a GPU if ONNX Runtime can use one, else the CPU. {@code
     * cuda}: a GPU; the start fails if there is none. The log names the choice and the reason.
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
     * How cuDNN selects convolution algorithms. {@code exhaustive} measures them, therefore the
     * exact tier refuses it.
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
     * not fit by itself ends with class {@code capacity} before it starts.
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
     * How long a request that waits for memory for its package is overtaken by newer requests for
     * open packages. After this time those are held back.
     */
    @WithDefault("2s")
    Duration patience();
  }

  /** Keys of {@link #limits()}. */
  interface Limits {

    /** Maximum size of a request message, in bytes. */
    @WithDefault("1048576")
    @Min(1024)
    int requestBytes();

    /** Maximum pixels of one output. */
    @WithDefault("4194304")
    @Min(1)
    long pixels();

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

    /** Maximum of (rows of the denoising network) x (pixels of the output), over all images. */
    @WithDefault("20000000000")
    @Min(1)
    long work();

    /**
     * Maximum time of the device for one request, in seconds, as predicted: the rows of the request
     * times the time of a row that was measured at start, in proportion to the elements of the
     * samples. Without a measurement ({@code darkroom.engine.profile=0s}) there is no limit.
     */
    @WithDefault("900")
    @Min(1)
    long deviceSeconds();

    /** Maximum size of an input image, in bytes. */
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
     * How long each output of a completed event can be read from an address without credentials
     * ({@code presigned_url}): up to 7 days, less with temporary keys. Everyone who reads the event
     * can then read the image.
     */
    @ConfigDocDefault("no such addresses")
    Optional<Duration> presigned();

    /** Compression level of PNG files: 0 is none, 9 the smallest and slowest. */
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
     * worker finds it out at start: in the path if the host name with the bucket does not exist.
     */
    @ConfigDocDefault("found out at start")
    Optional<Boolean> pathStyle();

    /** Access key. The AWS SDK's chain is: environment, profile, instance role, and others. */
    @ConfigDocDefault("the AWS SDK's chain")
    Optional<String> accessKeyId();

    /** Secret key; required with an access key. */
    @ConfigDocDefault("the AWS SDK's chain")
    Optional<String> secretAccessKey();

    /** Session token of temporary keys; required with them. */
    @ConfigDocDefault("none")
    Optional<String> sessionToken();

    /** PEM file of certificate authorities that are trusted for HTTPS beside those of the JVM. */
    @ConfigDocDefault("the JVM's authorities alone")
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
     * Maximum time of one operation, such as storing an output: its wait for other operations, all
     * attempts and the delays between them. An object in parts has this time for each part.
     */
    @WithDefault("150s")
    Duration deadline();

    /** Maximum number of operations at the same time; more wait. */
    @WithDefault("32")
    @Min(1)
    @Max(S3Options.MOST_CALLS)
    int calls();

    /** Objects of more bytes are written in parts of this size, if the store supports it. */
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
     * Whether 403 means that an object does not exist. Stores answer so to keys that may read but
     * not list the bucket.
     */
    @WithDefault("false")
    boolean forbiddenIsAbsent();

    /**
     * How long finished outputs are kept and retried while the store fails; then they are dropped.
     */
    @WithDefault("10m")
    Duration patience();
  }

  /** Keys of {@link #spool()}. */
  interface Spool {

    /**
     * Folder for finished results that the store does not take at present, for this worker alone.
     * On a volume that outlives the process, a restart continues from it. Without a folder they
     * stay on the Java heap.
     */
    @ConfigDocDefault("no spool")
    Optional<Path> folder();

    /** Maximum size of the folder, in bytes. When it is full, no request is begun. */
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
     * worker. {@code share-group}: each request belongs to one worker, so that more workers than
     * partitions all work; needs Kafka 4.2 and another {@code darkroom.kafka.group} than a consumer
     * group has.
     */
    @WithDefault("consumer-group")
    Consumption consumption();

    /** Consumer group or share group of the workers. */
    @WithDefault("darkroom")
    @NotEmpty
    String group();

    /** Topic that requests are read from. */
    @WithDefault("darkroom.requests")
    @NotEmpty
    String requestsTopic();

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
     * Topic in which each worker notes the requests that it has begun, so that a request that ends
     * workers is found. Must be compacted.
     */
    @WithDefault("darkroom.attempts")
    @NotEmpty
    String attemptsTopic();

    /**
     * Topic of requests that failed several times and are tried again later. Without it they are
     * tried again in place.
     */
    @WithDefault("darkroom.retries")
    @NotEmpty
    String retriesTopic();

    /**
     * Whether the worker creates topics that do not exist, 8 partitions for requests, with the
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
     * How long a partition that moves to another worker waits for running requests. The other
     * worker renders those that are not finished by then. Must be below {@code
     * max.poll.interval.ms} of the consumer (5 minutes).
     */
    @WithDefault("60s")
    Duration handover();

    /** {@code ce_source} of the events. */
    @WithDefault("/darkroom/worker")
    @NotEmpty
    String eventSource();
  }

  /** Keys of {@link #requests()}. */
  interface Requests {

    /**
     * How often a request is begun whose workers end before it does. Then it fails with class
     * {@code internal}. Needs the topic {@code darkroom.kafka.attempts-topic}.
     */
    @WithDefault("3")
    @Min(1)
    @Max(100)
    int attempts();

    /**
     * Weight of a tenant, 1 or more: while requests of several tenants wait, each tenant gets slots
     * in proportion to its weight. The tenant is the header {@code tenant} of a record, or else
     * {@code metadata.tenant} of the request. Other tenants have the weight 1.
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

    /** Name of the key in signatures, so that verifiers find the public key. */
    @WithDefault("darkroom")
    String keyId();
  }

  /** Keys of {@link #shutdown()}. */
  interface Shutdown {

    /**
     * Time after SIGTERM to finish requests; below the 30 s after which Kubernetes kills. Requests
     * that would take longer are left to other workers at once, with a checkpoint.
     */
    @WithDefault("20s")
    Duration grace();

    /**
     * Maximum size of a checkpoint, in bytes: the state of one unfinished request, stored as {@code
     * checkpoint.bin} beside its results, from which another worker goes on with the same bits. A
     * larger one is not stored: the request is rendered from its start. {@code 0}: no checkpoints.
     */
    @WithDefault("16777216")
    @Min(0)
    long checkpointBytes();
  }
}
