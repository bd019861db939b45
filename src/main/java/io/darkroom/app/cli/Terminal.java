package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.models.LocatedModels;
import io.darkroom.app.models.ModelSource;
import io.darkroom.engine.EngineLimits;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.Opening;
import io.darkroom.text.Printable;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The output of a command. Error lines begin with the name of the program. */
record Terminal(PrintWriter out, PrintWriter err) {

  /** Returns the output of a command line. */
  static Terminal of(@Nullable CommandSpec command) {
    if (command == null) {
      throw new IllegalStateException("command: runs outside of a command line");
    }
    CommandLine line = command.commandLine();
    return new Terminal(line.getOut(), line.getErr());
  }

  /** Prints one line on standard error. */
  void complain(String message) {
    err.println("darkroom: " + Printable.collapsed(message));
    err.flush();
  }

  /** Loads the packages that the options name. A failure of the engine ends the process. */
  LocalEngine open(ModelOptions options, DarkroomConfig config) throws IOException {
    EngineLimits limits = Configured.engineLimits(config);
    List<ModelSource> sources = options.sources(config);
    NetworkSettings networks = options.networks(config); // refused before anything is downloaded
    Opening opening = Configured.opening(config);
    LocatedModels located = LocalModels.locate(sources, config, this);
    LocalEngine bench = LocalEngine.open(located, networks, opening, limits, this::died);
    if (bench.models().byName().isEmpty() && bench.broken().isEmpty()) {
      sources.forEach(source -> complain("no model package in " + source));
    }
    return bench;
  }

  private void died(Throwable fault) {
    complain("internal error in the engine: " + fault);
    Runtime.getRuntime().halt(CommandLine.ExitCode.SOFTWARE);
  }

  /** Returns whether the output is a terminal. */
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
