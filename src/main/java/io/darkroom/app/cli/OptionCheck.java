package io.darkroom.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks of options before a command opens anything. Refused options end it with status 2. */
final class OptionCheck {

  private OptionCheck() {}

  /** Returns the exception for invalid arguments. */
  static RuntimeException refused(@Nullable CommandSpec command, String problem) {
    return command == null
        ? new IllegalStateException(problem)
        : new ParameterException(command.commandLine(), problem);
  }

  /** Checks a number. */
  static void atLeastOne(@Nullable CommandSpec command, String option, int value) {
    if (value < 1) {
      throw refused(command, option + ": must be 1 or more, is " + value);
    }
  }

  /** Creates a folder for results, and checks that files can be written to it. */
  static void writableFolder(@Nullable CommandSpec command, String option, Path folder) {
    try {
      if (!Files.isDirectory(folder)) { // a link to a folder cannot be created
        Files.createDirectories(folder);
      }
      Files.delete(Files.createTempFile(folder, ".", ".part"));
    } catch (IOException unusable) {
      throw refused(command, option + ": must be a folder that can be written, is " + folder);
    }
  }

  /** Checks that a file can be written at the end of a command; null = no file. */
  static void writableFile(@Nullable CommandSpec command, String option, @Nullable Path file) {
    if (file == null) {
      return;
    }
    Path folder = file.toAbsolutePath().resolveSibling(".").normalize();
    boolean writable =
        Files.exists(file)
            ? !Files.isDirectory(file) && Files.isWritable(file)
            : Files.isDirectory(folder) && Files.isWritable(folder);
    if (!writable) {
      throw refused(
          command,
          option + ": must be a file that can be written in a folder that exists, is " + file);
    }
  }
}
