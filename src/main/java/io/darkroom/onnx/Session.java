package io.darkroom.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ElementType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A network loaded by ONNX Runtime. It belongs to the thread that opened it, which may run it on
 * several lanes at the same time; a call from another thread is a programming error and throws.
 */
final class Session implements AutoCloseable {
  static final OptLevel OPTIMIZATION = OptLevel.ALL_OPT;

  /** Idle threads sleep, because spinning threads would take the processor from others. */
  static final Map<String, String> ENTRIES = Map.of("session.intra_op.allow_spinning", "0");

  private final String file;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Thread owner = Thread.currentThread();
  private final Lanes lanes;
  private final Optional<LoraFile> adapter;
  private Optional<Duration> longestRun;

  private Session(
      String file,
      OrtEnvironment environment,
      OrtSession session,
      Lanes lanes,
      Optional<LoraFile> adapter,
      Optional<Duration> longestRun) {
    this.file = file;
    this.environment = environment;
    this.session = session;
    this.lanes = lanes;
    this.adapter = adapter;
    this.longestRun = longestRun;
  }

  /**
   * Returns the same network with an adapter, which it closes. This session must be closed after
   * it.
   */
  Session with(LoraFile lora) {
    checkThread();
    return new Session(lora.file(), environment, session, lanes, Optional.of(lora), longestRun);
  }

  /** Loads the unchanged file of a package. */
  static Session open(Path folder, String file, NetworkSettings settings) throws BrokenPackage {
    String path = folder.resolve(file).toString();
    return open(
        file, settings, Optional.empty(), (env, options) -> env.createSession(path, options));
  }

  /**
   * Loads an edited graph.
   *
   * @param file its original file, whose folder contains its external weights
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

  /** Loads a graph that was made in memory and has no external weights. */
  static Session open(String name, OnnxGraph graph, NetworkSettings settings) throws BrokenPackage {
    ByteBuffer bytes = graph.serialized();
    return open(
        name, settings, Optional.empty(), (env, options) -> env.createSession(bytes, options));
  }

  /** Returns the file, for messages. */
  String file() {
    return file;
  }

  OrtEnvironment environment() {
    return environment;
  }

  /** Returns the lanes that may run the network. */
  Lanes lanes() {
    return lanes;
  }

  /** Returns the type of an output. */
  ElementType outputType(String name) {
    checkThread();
    try {
      NodeInfo info = Objects.requireNonNull(session.getOutputInfo().get(name), name);
      return info.getInfo() instanceof TensorInfo tensor
          ? ElementType.valueOf(tensor.type.name())
          : ElementType.UNKNOWN;
    } catch (OrtException e) {
      throw RunFailures.of(e);
    }
  }

  /** Removes the time limit of runs, because the network is known to end. */
  void removeLimit() {
    longestRun = Optional.empty();
  }

  /**
   * Runs the network and writes to existing outputs. The owner's thread and its lanes only.
   *
   * @throws RunLimit.Exceeded if an untested network takes too long
   */
  void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {
    if (!lanes.has(Thread.currentThread())) {
      checkThread();
    }
    try {
      if (longestRun.isPresent()) {
        RunLimit.run(file, session, inputs, outputs, longestRun.get(), adapter);
      } else if (adapter.isPresent()) {
        session.run(inputs, Set.of(), outputs, adapter.get().options()).close();
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
    if (adapter.isPresent()) {
      adapter.get().close();
      return;
    }
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
      return new Session(
          file,
          environment,
          session,
          settings.lanes(),
          Optional.empty(),
          Optional.of(settings.longestTestRun()));
    } catch (OrtException e) {
      throw refusal(file, e);
    }
  }

  /**
   * Returns the error of a file that could not be loaded.
   *
   * @throws DeviceFailure if the device is lost or has no memory
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
    // Errors are thrown; logging them too would log the expected failures of trials.
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
