package io.darkroom.app;

import io.darkroom.onnx.CudaOptions;
import io.darkroom.onnx.DeviceChoice;
import io.darkroom.onnx.NetworkSettings;
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
 * Every key of the worker, its default and what it means. Any of them can be set as a system
 * property ({@code -Ddarkroom.engine.slots=16}), as an environment variable ({@code
 * DARKROOM_ENGINE_SLOTS=16}) or in {@code config/application.properties} beside the program.
 */
@ConfigMapping(prefix = "darkroom")
public interface DarkroomConfig {

  /** Folders that hold model packages, one sub-folder per package, in diffusers layout. */
  @WithDefault("models")
  List<Path> models();

  /** The render loop. */
  Engine engine();

  /** What networks are computed on. */
  Device device();

  /** Memory of models and images. */
  Memory memory();

  /** What one request may ask of this worker. */
  Limits limits();

  /** Where results go. */
  Output output();

  /** Where pictures that requests name may be read from. */
  Input input();

  /** The object store. */
  S3 s3();

  /** The broker. */
  Kafka kafka();

  /** What is remembered of withdrawn requests. */
  Cancellations cancellations();

  /** What the worker says. */
  Log log();

  /** The end of the process. */
  Shutdown shutdown();

  /** The render loop. */
  interface Engine {

    /** Images under way at once. */
    @WithDefault("32")
    @Min(1)
    @Max(4096)
    int slots();

    /**
     * Most rows of one run of a network; a guided image is two rows, and two runs where it is 1.
     */
    @WithDefault("8")
    @Min(1)
    @Max(256)
    int rowsPerCall();

    /** Most rows by the package's name; stands above the package's own {@code rows_per_call}. */
    Map<String, Integer> rowsByModel();

    /**
     * Time that measuring what a row costs in calls of 1, 2, 4, ... rows may take at start, for
     * each package; 0s = not at all.
     */
    @WithDefault("250ms")
    Duration profile();

    /**
     * Time that one run of a network may take while its package is loaded and tested; a package
     * that takes longer is left out, so that a graph that never ends holds no other up.
     */
    @WithDefault("5m")
    Duration selfTestRun();

    /** Threads that one call of a network uses; a part of the fingerprint. */
    @WithDefault("1")
    @Min(1)
    @Max(256)
    int threads();

    /**
     * How much of exactness is promised, proven at start: exact, repeatable or fast; empty = exact
     * on a processor, repeatable on a GPU.
     */
    Optional<NetworkSettings.Tier> tier();

    /**
     * Folder of known answers, for packages that cannot be written to: what a package's networks
     * gave at its first start, and have to give at every later one; empty = those in the packages.
     */
    Optional<Path> knownAnswers();

    /** Waiting that raises an image by one priority level. */
    @WithDefault("30s")
    Duration ageing();

    /** A turn of the loop that takes longer counts as a device that hangs: liveness says so. */
    @WithDefault("10m")
    Duration stall();
  }

  /** What networks are computed on. */
  interface Device {

    /** {@code auto}: a GPU where one computes, else the processor; {@code cuda}; {@code cpu}. */
    @WithDefault("auto")
    DeviceChoice provider();

    /** Number of the GPU. */
    @WithDefault("0")
    @Min(0)
    int number();

    /** Bytes of the GPU's memory that the networks may take; empty = no bound. */
    OptionalLong memoryLimit();

    /** How the arena grows: {@code power-of-two} or {@code as-requested}; empty = the runtime's. */
    Optional<CudaOptions.Arena> arena();

    /**
     * How algorithms of convolutions are chosen: {@code exhaustive} (by measuring, which the exact
     * tier does not allow), {@code heuristic} or {@code default}.
     */
    @WithDefault("heuristic")
    CudaOptions.Search convolutionSearch();

    /** Whether products of float32 may be rounded to 10 bits of mantissa. */
    @WithDefault("false")
    boolean tf32();

    /** Further options of the CUDA provider by ONNX Runtime's names, which stand above all else. */
    Map<String, String> options();
  }

  /** Memory of models and images. */
  interface Memory {

    /** Bytes of the Java heap that images under way may take; empty = half of it. */
    OptionalLong images();

    /**
     * Bytes of all open packages; those used least recently are closed to keep to it, and opened
     * again when a request needs them. Empty = all stay open.
     */
    OptionalLong budget();

    /** Packages that stay open whatever comes. */
    Optional<Set<String>> pinned();

    /** How long a request whose package has no room lets others pass that keep the room in use. */
    @WithDefault("2s")
    Duration patience();
  }

  /** What one request may ask of this worker. */
  interface Limits {

    /** Bytes of one request. */
    @WithDefault("1048576")
    @Min(1024)
    int requestBytes();

    /** Pixels of one result. */
    @WithDefault("4194304")
    @Min(1)
    long pixels();

    /** Inference steps. */
    @WithDefault("1000")
    @Min(1)
    @Max(1000)
    int steps();

    /** Pictures of one request. */
    @WithDefault("64")
    @Min(1)
    @Max(64)
    int images();

    /** Rows of the denoising network times pixels of the result, over all pictures. */
    @WithDefault("20000000000")
    @Min(1)
    long work();

    /** Bytes of one picture that is read. */
    @WithDefault("33554432")
    @Min(1024)
    long inputBytes();

    /** Pixels of one picture that is read. */
    @WithDefault("16777216")
    @Min(1)
    long inputPixels();
  }

  /** Where results go. */
  interface Output {

    /** The prefix of results where a request names none; ends in a slash. */
    @WithDefault("s3://darkroom/renders/")
    @Pattern(regexp = "s3://[^/]+/(.*/)?")
    String prefix();

    /** Buckets that requests may send results to; empty = the bucket of the prefix alone. */
    Optional<Set<String>> buckets();

    /** Compression of PNG files, 0 (none) to 9 (smallest, slowest). */
    @WithDefault("3")
    @Min(0)
    @Max(9)
    int pngLevel();
  }

  /** Where pictures that requests name may be read from. */
  interface Input {

    /** Buckets that requests may read from; empty = the bucket of the output prefix alone. */
    Optional<Set<String>> buckets();
  }

  /** The object store. */
  interface S3 {

    /** Address of an S3-compatible store; empty = AWS. */
    Optional<URI> endpoint();

    /** Region. */
    @WithDefault("us-east-1")
    String region();

    /** Whether the bucket is a part of the path instead of the host's name. */
    @WithDefault("false")
    boolean pathStyle();

    /** Access key; empty = the SDK's default chain (environment, profile, instance role). */
    Optional<String> accessKeyId();

    /** Secret key, together with the access key. */
    Optional<String> secretAccessKey();

    /** Bound on one attempt of one call. */
    @WithDefault("30s")
    Duration timeout();

    /** Attempts of one call, the first included. */
    @WithDefault("4")
    @Min(1)
    @Max(20)
    int attempts();

    /** How long finished pictures wait, in all, for a store that fails; then they are dropped. */
    @WithDefault("10m")
    Duration patience();
  }

  /** The broker. */
  interface Kafka {

    /** Brokers, {@code host:port} with commas. */
    @WithDefault("localhost:9092")
    @NotEmpty
    String bootstrapServers();

    /** Consumer group of the workers. */
    @WithDefault("darkroom")
    @NotEmpty
    String group();

    /** Requests come from here. */
    @WithDefault("darkroom.requests")
    @NotEmpty
    String requestsTopic();

    /** Terminal events go here. */
    @WithDefault("darkroom.events")
    @NotEmpty
    String eventsTopic();

    /** Progress goes here. */
    @WithDefault("darkroom.progress")
    @NotEmpty
    String progressTopic();

    /** Publishers withdraw requests here; every worker reads all of it. */
    @WithDefault("darkroom.control")
    @NotEmpty
    String controlTopic();

    /** Requests that were not accepted go here, byte for byte. */
    @WithDefault("darkroom.dead-letters")
    @NotEmpty
    String deadLettersTopic();

    /** Requests held at once: being rendered, encoded, stored or announced. */
    @WithDefault("48")
    @Min(1)
    @Max(1024)
    int inFlight();

    /** {@code ce_source} of the events. */
    @WithDefault("/darkroom/worker")
    @NotEmpty
    String eventSource();
  }

  /** What is remembered of withdrawn requests. */
  interface Cancellations {

    /** How long after it was published a withdrawal still acts on requests that come. */
    @WithDefault("24h")
    Duration retention();

    /** Withdrawals that are kept; beyond that the oldest are forgotten. */
    @WithDefault("100000")
    @Min(0)
    @Max(10_000_000)
    int most();
  }

  /** What the worker says. */
  interface Log {

    /** Whether log lines are JSON objects. */
    @WithDefault("false")
    boolean json();
  }

  /** The end of the process. */
  interface Shutdown {

    /** What is not done so long after SIGTERM is left for other workers. */
    @WithDefault("30s")
    Duration grace();
  }
}
