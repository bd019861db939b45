package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.engine.EngineLimits;
import io.darkroom.onnx.Opening;
import io.darkroom.text.Printable;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Output of a command; error lines begin with the name of the program. */
record Terminal(PrintWriter out, PrintWriter err) {

  /** The output of a command line. */
  static Terminal of(@Nullable CommandSpec command) {
    if (command == null) {
      throw new IllegalStateException("command: runs outside of a command line");
    }
    CommandLine line = command.commandLine();
    return new Terminal(line.getOut(), line.getErr());
  }

  /** Prints one line on standard error. */
  void complain(String message) {
    err.println("darkroom: " + Printable.line(message.strip().replaceAll("\\s*\\R\\s*", " ")));
    err.flush();
  }

  /** Loads the packages that the options name. A failure of the engine ends the process. */
  LocalEngine open(ModelOptions options, DarkroomConfig config) throws IOException {
    EngineLimits limits = Configured.engineLimits(config);
    List<Path> folders = options.folders(config);
    Opening opening = Configured.opening(config);
    LocalEngine bench =
        LocalEngine.open(folders, options.networks(config), opening, limits, this::died);
    if (bench.models().byName().isEmpty() && bench.broken().isEmpty()) {
      folders.forEach(folder -> complain("no model package in " + folder));
    }
    return bench;
  }

  private void died(Throwable fault) {
    complain("internal error in the engine: " + fault);
    Runtime.getRuntime().halt(CommandLine.ExitCode.SOFTWARE);
  }

  /** Whether the output is a terminal. */
  @SuppressWarnings("SystemConsoleNull") // null up to Java 21; from 22 on it has isTerminal()
  static boolean watched() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException before22) {
      return true;
    }
  }
}
