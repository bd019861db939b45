package io.darkroom.app.cli;

import io.darkroom.render.ObjectUri;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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
      paramLabel = "PLACE",
      defaultValue = "replays",
      converter = ReplayOutput.Converter.class,
      description = {
        "Folder of the new results, or s3://bucket/prefix/ in the store of the configuration.",
        "Default: ${DEFAULT-VALUE}."
      })
  private ReplayOutput output = new ReplayOutput.Converter().convert("replays");

  /** Returns the folder of the old results; null if they are in the configured store. */
  @Nullable Path originals() {
    return originals;
  }

  /** Creates the folder of the new results, or refuses the place. */
  void createOutput() {
    checkStore();
    output.folder().ifPresent(folder -> OptionCheck.writableFolder(command, "--output", folder));
    if (output.folder().isPresent()) {
      return;
    }
    if (originals != null) {
      throw OptionCheck.refused(command, "--output: must be a folder with --store, is " + output);
    }
    refuseOver(resultsOfWorkers());
  }

  /** Refuses a store that is no folder, and new results in it: a later run would read them. */
  private void checkStore() {
    if (originals == null) {
      return;
    }
    if (!Files.isDirectory(originals)) {
      throw OptionCheck.refused(command, "--store: must be a folder, is " + originals);
    }
    Path store = originals.toAbsolutePath().normalize();
    if (output.folder().stream()
        .anyMatch(to -> to.toAbsolutePath().normalize().startsWith(store))) {
      throw OptionCheck.refused(
          command, "--output: must not be in the folder of --store, is " + output);
    }
  }

  /** Refuses a place of the new results that contains or is in a prefix of stored results. */
  void refuseOver(ObjectUri stored) {
    if (output.overlaps(stored)) {
      throw OptionCheck.refused(
          command,
          "--output: must not contain or be in %s, where stored results are, is %s"
              .formatted(stored, output));
    }
  }

  private static ObjectUri resultsOfWorkers() {
    try {
      return ObjectUri.parse(LocalConfig.read().output().prefix());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(String.valueOf(unreadable.getMessage()), unreadable);
    }
  }

  /** Returns the place of the new results. Call {@link #createOutput} first. */
  ReplayOutput output() {
    return output;
  }
}
