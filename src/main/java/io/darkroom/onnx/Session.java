package io.darkroom.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.model.BrokenPackage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A network loaded by ONNX Runtime. It belongs to the thread that opened it; a call from another
 * one is a bug and throws.
 */
final class Session implements AutoCloseable {
  static final OptLevel OPTIMIZATION = OptLevel.ALL_OPT;

  /** Idle threads sleep: spinning ones would take the processor from everybody else. */
  static final Map<String, String> ENTRIES = Map.of("session.intra_op.allow_spinning", "0");

  private final String file;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Thread owner = Thread.currentThread();
  private Optional<Duration> longestRun;

  private Session(
      String file, OrtEnvironment environment, OrtSession session, Duration longestRun) {
    this.file = file;
    this.environment = environment;
    this.session = session;
    this.longestRun = Optional.of(longestRun);
  }

  /** Loads the file of a package as it is. */
  static Session open(Path folder, String file, NetworkSettings settings) throws BrokenPackage {
    String path = folder.resolve(file).toString();
    return open(
        file, settings, Optional.empty(), (env, options) -> env.createSession(path, options));
  }

  /**
   * Loads an edited graph.
   *
   * @param file it came from: weights that it keeps in further files are beside it
   */
  static Session open(Path folder, String file, OnnxGraph graph, NetworkSettings settings)
      throws BrokenPackage {
    ByteBuffer bytes = graph.serialized();
    Path beside = folder.resolve(file).toAbsolutePath().getParent();
    return open(
        file,
        settings,
        Optional.ofNullable(beside),
        (env, options) -> env.createSession(bytes, options));
  }

  /** Loads a graph that was made here and has no weights elsewhere. */
  static Session open(String name, OnnxGraph graph, NetworkSettings settings) throws BrokenPackage {
    ByteBuffer bytes = graph.serialized();
    return open(
        name, settings, Optional.empty(), (env, options) -> env.createSession(bytes, options));
  }

  OrtEnvironment environment() {
    return environment;
  }

  /** The network is known to end: its runs are no longer limited. */
  void proven() {
    longestRun = Optional.empty();
  }

  /**
   * Runs into outputs that are there already.
   *
   * @throws RunLimit.Exceeded where a network that is not proven takes too long
   */
  void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {
    checkThread();
    try {
      if (longestRun.isPresent()) {
        RunLimit.run(file, session, inputs, outputs, longestRun.get());
      } else {
        session.run(inputs, Set.of(), outputs).close();
      }
    } catch (OrtException e) {
      throw RunFailures.of(e);
    }
  }

  void checkThread() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "a session is used by " + owner + " alone, not by " + Thread.currentThread());
    }
  }

  @Override
  public void close() {
    checkThread();
    try {
      session.close();
    } catch (OrtException e) {
      throw RunFailures.of(e);
    }
  }

  private static Session open(
      String file, NetworkSettings settings, Optional<Path> weights, Opening opening)
      throws BrokenPackage {
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "darkroom");
    try (SessionOptions options = options(settings)) {
      if (weights.isPresent()) {
        options.addConfigEntry(
            "session.model_external_initializers_file_folder_path", weights.get().toString());
      }
      OrtSession session = opening.open(environment, options);
      NativeFiles.remove();
      return new Session(file, environment, session, settings.longestTestRun());
    } catch (OrtException e) {
      throw refusal(file, e);
    }
  }

  /**
   * What is wrong with a file that was not loaded.
   *
   * @throws DeviceFailure where nothing is: the device is lost or has no memory
   */
  static BrokenPackage refusal(String file, OrtException e) {
    DeviceFailure failure = RunFailures.of(e);
    if (failure.kind() != DeviceFailure.Kind.REFUSED) {
      throw failure;
    }
    return new BrokenPackage(file, "", "is refused by ONNX Runtime: " + e.getMessage(), e);
  }

  private static SessionOptions options(NetworkSettings settings) throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(settings.threads());
    options.setInterOpNumThreads(1);
    options.setMemoryPatternOptimization(false);
    options.setOptimizationLevel(OPTIMIZATION);
    // What goes wrong is thrown; printing it as well would print expected failures of trials too.
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    for (Map.Entry<String, String> entry : ENTRIES.entrySet()) {
      options.addConfigEntry(entry.getKey(), entry.getValue());
    }
    if (settings.provider() instanceof Provider.Cuda cuda) {
      add(options, cuda);
    }
    return options;
  }

  private static void add(SessionOptions options, Provider.Cuda cuda) throws OrtException {
    try (OrtCUDAProviderOptions own = new OrtCUDAProviderOptions(cuda.device())) {
      for (Map.Entry<String, String> option : cuda.options().entrySet()) {
        own.add(option.getKey(), option.getValue());
      }
      options.addCUDA(own);
    }
  }

  private interface Opening {
    OrtSession open(OrtEnvironment environment, SessionOptions options) throws OrtException;
  }
}
