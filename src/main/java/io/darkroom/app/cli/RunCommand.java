package io.darkroom.app.cli;

import io.darkroom.app.Version;
import io.quarkus.runtime.Quarkus;
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

  @Override
  public void run() {
    // ONNX Runtime closes its environment in a shutdown hook, and hooks run concurrently: draining
    // must happen before the hooks start.
    Signals.register("TERM", () -> Quarkus.asyncExit(TERMINATED));
    Signals.register("INT", () -> Quarkus.asyncExit(INTERRUPTED));
    Quarkus.run();
  }
}
