package io.darkroom.app.cli;

import io.darkroom.app.UnknownKeys;
import io.darkroom.app.Version;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
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
      ConsoleCommand.class,
      SimulateCommand.class,
      ReplayCommand.class,
      CompareCommand.class,
      VerifyCommand.class,
      BundleCommand.class
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "1:failed, in one line on standard error", "2:invalid arguments"})
public final class Main implements Runnable {
  /**
   * A strong reference, because an unreferenced logger may be garbage-collected and lose its level.
   */
  private static final Logger ROOT_LOGGER = Logger.getLogger("");

  /** Runs a command; the default is {@code run}. */
  public static void main(String[] args) {
    int status = commandLine().setExecutionStrategy(Main::execute).execute(args);
    if (status != 0) {
      System.exit(status);
    }
  }

  /** Returns the command line, for programs that embed it. */
  static CommandLine commandLine() {
    return reporting(new CommandLine(new Main()));
  }

  /** Makes a command line report each error as one line. */
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
              complain(command, reason(failure));
              return CommandLine.ExitCode.SOFTWARE;
            });
  }

  /** Returns the message of a failure; the one of a missing file is its name only. */
  static String reason(Exception failure) {
    if (failure instanceof NoSuchFileException missing) {
      return missing.getFile() + ": does not exist";
    }
    if (failure instanceof AccessDeniedException denied) {
      return denied.getFile() + ": access is denied";
    }
    if (failure instanceof FileAlreadyExistsException file) {
      return file.getFile() + ": must be a folder, is a file";
    }
    if (failure instanceof FileSystemException file && file.getReason() == null) {
      return file.getFile() + ": cannot be used (" + file.getClass().getSimpleName() + ")";
    }
    return failure instanceof CharacterCodingException
        ? "a file must be UTF-8 text"
        : String.valueOf(failure.getMessage());
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

  /** Turns off the log lines of libraries, which do not belong in the output of a command. */
  static void silenceLogs() {
    for (Handler handler : ROOT_LOGGER.getHandlers()) {
      ROOT_LOGGER.removeHandler(handler);
    }
    ROOT_LOGGER.setLevel(Level.OFF);
  }

  /**
   * Returns messages about unknown keys in the environment and in {@code -D}. Unknown keys in a
   * file are errors.
   */
  private static List<String> unknownKeys() {
    return UnknownKeys.of(System.getenv().keySet(), System.getProperties().stringPropertyNames());
  }

  @Override
  public void run() {
    new RunCommand().run();
  }
}
