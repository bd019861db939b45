package io.darkroom.app;

import io.quarkus.runtime.Quarkus;
import picocli.CommandLine.Command;

/** Takes requests until it is told to stop. */
@Command(
    name = "run",
    description = "Takes requests from Kafka until it is told to stop (the default).",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class RunCommand implements Runnable {

  @Override
  public void run() {
    Quarkus.run();
  }
}
