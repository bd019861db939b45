package io.darkroom.app.cli;

import io.darkroom.app.UnknownKeys;
import io.darkroom.app.Version;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/**
 * The program. Only {@code run} starts Quarkus, so that no other command connects to the broker.
 */
@QuarkusMain
@Command(
    name = "darkroom",
    description = "A render worker: diffusion requests from Kafka, images to S3.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      RunCommand.class,
      SetupCommand.class,
      RedriveCommand.class,
      ModelsCommand.class,
      SelfTestCommand.class,
      RenderCommand.class,
      ExporterCommand.class,
      SimulateCommand.class,
      ReplayCommand.class,
      VerifyCommand.class
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "1:failed, in one line on standard error", "2:invalid arguments"})
public final class Main implements Runnable {
  /** A strong reference: an unreferenced logger may be collected, and its level with it. */
  private static final Logger ROOT_LOGGER = Logger.getLogger("");

  /** Runs a command; the default is {@code run}. */
  public static void main(String[] args) {
    int status = commandLine().setExecutionStrategy(Main::execute).execute(args);
    if (status != 0) {
      System.exit(status);
    }
  }

  /** The command line, for programs that embed it. */
  static CommandLine commandLine() {
    return reporting(new CommandLine(new Main()));
  }

  /** The same command line; it reports errors as one line each. */
  static CommandLine reporting(CommandLine line) {
    return line.setParameterExceptionHandler(
            (unusable, args) -> {
              CommandLine command = unusable.getCommandLine();
              String help = command.getCommandSpec().qualifiedName() + " --help";
              complain(command, unusable.getMessage() + " (" + help + " for usage)");
              return CommandLine.ExitCode.USAGE;
            })
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              complain(command, String.valueOf(failure.getMessage()));
              return CommandLine.ExitCode.SOFTWARE;
            });
  }

  private static void complain(CommandLine command, String message) {
    new Terminal(command.getOut(), command.getErr()).complain(message);
  }

  /** Only the worker logs; the other commands print. */
  private static int execute(ParseResult parsed) {
    if (parsed.hasSubcommand() && !parsed.subcommand().commandSpec().name().equals("run")) {
      silenceLogs();
      CommandLine line = parsed.commandSpec().commandLine();
      unknownKeys().forEach(unknown -> complain(line, unknown));
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  /** Turns off the log lines of libraries, which do not belong into the output of a command. */
  static void silenceLogs() {
    for (Handler handler : ROOT_LOGGER.getHandlers()) {
      ROOT_LOGGER.removeHandler(handler);
    }
    ROOT_LOGGER.setLevel(Level.OFF);
  }

  /**
   * Messages about unknown keys in the environment and in {@code -D}; in a file they are errors.
   */
  private static List<String> unknownKeys() {
    return UnknownKeys.of(System.getenv().keySet(), System.getProperties().stringPropertyNames());
  }

  @Override
  public void run() {
    new RunCommand().run();
  }
}
