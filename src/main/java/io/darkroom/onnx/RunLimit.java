package io.darkroom.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.darkroom.model.BrokenPackage;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends runs of an untested network that take too long, because a loop in a graph may not end. The
 * runtime checks for the request to end between two operators.
 */
final class RunLimit {
  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(RunLimit::daemon);

  private RunLimit() {}

  /** Thrown if a run was ended. */
  static final class Exceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String file;

    Exceeded(String file, Duration most, Throwable cause) {
      super(
          "must end a run within %d ms (darkroom.engine.self-test-run), does not"
              .formatted(most.toMillis()),
          cause);
      this.file = file;
    }

    /** Returns the error of the package. */
    BrokenPackage broken() {
      return new BrokenPackage(file, "", String.valueOf(getMessage()), this);
    }
  }

  /**
   * Runs a network and writes to existing outputs.
   *
   * @param file file of the network or its adapter
   * @param adapter adapter of the network, if it has one
   * @throws Exceeded if it took too long
   */
  static void run(
      String file,
      OrtSession session,
      Map<String, OnnxTensor> inputs,
      Map<String, OnnxTensor> outputs,
      Duration most,
      Optional<LoraFile> adapter)
      throws OrtException {
    try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
      if (adapter.isPresent()) {
        adapter.get().activate(options);
      }
      Alarm alarm = new Alarm(options);
      Future<?> due = CLOCK.schedule(alarm, most.toMillis(), TimeUnit.MILLISECONDS);
      try {
        session.run(inputs, Set.of(), outputs, options).close();
      } catch (OrtException e) {
        if (alarm.rang()) {
          throw new Exceeded(file, most, e);
        }
        throw e;
      } finally {
        due.cancel(false);
        alarm.off();
      }
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "run-limit");
    thread.setDaemon(true);
    return thread;
  }

  /** Requests the runtime to end a run, unless it has ended. */
  private static final class Alarm implements Runnable {
    private final OrtSession.RunOptions options;
    private boolean off;
    private boolean rang;

    Alarm(OrtSession.RunOptions options) {
      this.options = options;
    }

    @Override
    public synchronized void run() {
      if (off) {
        return;
      }
      rang = true;
      try {
        options.setTerminate(true);
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }

    synchronized boolean rang() {
      return rang;
    }

    synchronized void off() {
      off = true;
    }
  }
}
