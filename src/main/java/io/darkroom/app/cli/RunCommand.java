package io.darkroom.app.cli;

import io.darkroom.app.Version;
import io.darkroom.app.Worker;
import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;
import io.quarkus.runtime.Quarkus;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;
import picocli.CommandLine.Command;

/** Consumes requests until SIGTERM. */
@Command(
    name = "run",
    description = "Consumes requests from Kafka until SIGTERM (the default).",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class RunCommand implements Runnable {
  private static final int TERMINATED = 128 + 15;
  private static final int INTERRUPTED = 128 + 2;

  private final AtomicBoolean stopping = new AtomicBoolean();

  @Override
  public void run() {
    Signals.register("TERM", () -> stop(TERMINATED));
    Signals.register("INT", () -> stop(INTERRUPTED));
    Quarkus.run();
  }

  /**
   * Finishes running renders while the HTTP port still answers; a second signal ends the process at
   * once.
   *
   * <p>This is not a shutdown hook: hooks run concurrently, and ONNX Runtime releases its
   * environment in one, so a worker could still be rendering without it.
   */
  private void stop(int status) {
    if (stopping.getAndSet(true)) {
      Runtime.getRuntime().halt(status);
    }
    Thread thread = new Thread(() -> drainAndExit(status), "stop");
    thread.setDaemon(true);
    thread.start();
  }

  private static void drainAndExit(int status) {
    try {
      ArcContainer container = Arc.container();
      if (container != null && container.isRunning()) {
        container.select(Worker.class).get().drain();
      }
    } finally {
      Quarkus.asyncExit(status);
    }
  }
}
