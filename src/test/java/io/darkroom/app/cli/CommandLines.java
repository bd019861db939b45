package io.darkroom.app.cli;

import picocli.CommandLine;

/** The command line of the program, for tests of other packages. */
public final class CommandLines {
  private CommandLines() {}

  /**
   * Parses arguments without running the command.
   *
   * @throws CommandLine.ParameterException if the program does not know an option
   */
  public static void parse(String... arguments) {
    Main.commandLine().parseArgs(arguments);
  }
}
