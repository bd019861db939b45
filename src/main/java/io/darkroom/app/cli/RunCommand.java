package io.darkroom.app.cli;

import io.darkroom.app.Version;
import io.quarkus.runtime.Quarkus;
import org.jline.utils.Signals;
import picocli.CommandLine.Command;

/** Takes requests until it is told to stop. */
@Command(
    name = "run",
    description = "Consumes requests from Kafka until SIGTERM (the default).",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class RunCommand implements Runnable {
  private static final int TERMINATED = 128 + 15;
  private static final int INTERRUPTED = 128 + 2;

  @Override
  public void run() {
    // ONNX Runtime lets go of its environment in a shutdown hook, and hooks run side by side: a
    // worker that drains in another one would render without it.
    Signals.register("TERM", () -> Quarkus.asyncExit(TERMINATED));
    Signals.register("INT", () -> Quarkus.asyncExit(INTERRUPTED));
    Quarkus.run();
  }
}
