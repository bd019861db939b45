package io.darkroom.app;

import io.quarkus.runtime.annotations.QuarkusMain;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The program. Reads the command itself; only {@code run} starts Quarkus, so that no other command
 * opens a connection to the broker.
 */
@QuarkusMain
@Command(
    name = "darkroom",
    description = "A render worker: diffusion requests from Kafka, pictures to S3.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {RunCommand.class},
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "1:failed, in one line on standard error", "2:unusable arguments"})
public final class Main implements Runnable {

  /** Runs the command that the arguments name; {@code run} where they name none. */
  public static void main(String[] args) {
    int status = commandLine().execute(args);
    if (status != 0) {
      System.exit(status);
    }
  }

  /** The commands, for programs that embed them. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              command.getErr().println("darkroom: " + failure.getMessage());
              return CommandLine.ExitCode.SOFTWARE;
            });
  }

  @Override
  public void run() {
    new RunCommand().run();
  }
}
