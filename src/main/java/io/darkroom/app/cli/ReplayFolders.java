package io.darkroom.app.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Options of commands that render recorded requests again: the places of the old and the new
 * results.
 */
final class ReplayFolders {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--store",
      paramLabel = "FOLDER",
      description =
          "Folder with stored results, as `render` writes it. Default: the store of the"
              + " configuration (darkroom.s3.*).")
  private @Nullable Path originals;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      defaultValue = "replays",
      description = "Folder of the new results. Default: ${DEFAULT-VALUE}.")
  private Path output = Path.of("replays");

  /** Returns the folder of the old results; null if they are in the configured store. */
  @Nullable Path originals() {
    return originals;
  }

  /** Creates the folder of the new results, or refuses it. */
  void createOutput() {
    OptionCheck.writableFolder(command, "--output", output);
  }

  /** Returns the folder of the new results. Call {@link #createOutput} first. */
  Path output() {
    return output;
  }
}
