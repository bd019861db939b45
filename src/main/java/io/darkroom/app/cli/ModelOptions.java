package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.TierChoice;
import io.darkroom.job.Tier;
import io.darkroom.onnx.DeviceChoice;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.Provider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options for packages and networks. The default of each is the configuration of the worker. */
final class ModelOptions {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--models",
      split = ",",
      paramLabel = "FOLDER",
      description = "Folders of model packages, or packages. Default: darkroom.models (models).")
  private List<Path> models = List.of();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of one network call. Default: darkroom.engine.threads (1).")
  private @Nullable Integer threads;

  @Option(
      names = "--rows-per-call",
      paramLabel = "N",
      description = "Maximum rows of one network call. Default: darkroom.engine.rows-per-call (8).")
  private @Nullable Integer rowsPerCall;

  @Option(
      names = "--tier",
      paramLabel = "TIER",
      description = {
        "exact, repeatable or fast. Default: darkroom.engine.tier",
        "(exact on a CPU, repeatable on a GPU)."
      })
  private @Nullable String tier;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "auto, cuda or cpu. Default: darkroom.device.provider (auto).")
  private @Nullable String device;

  /** Folders of packages. */
  List<Path> folders(DarkroomConfig config) {
    List<Path> folders = models.isEmpty() ? config.models() : models;
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        String key = models.isEmpty() ? "darkroom.models" : "--models";
        throw refused(key + ": must be a folder, is " + folder);
      }
    }
    return folders;
  }

  /** Settings of the networks. */
  NetworkSettings networks(DarkroomConfig config) {
    try {
      Provider provider = device(config).resolve(Configured.cuda(config.device()));
      return new NetworkSettings(
          threads == null ? config.engine().threads() : threads,
          rowsPerCall == null ? config.engine().rowsPerCall() : rowsPerCall,
          tier == null ? TierChoice.of(config.engine().tier(), provider).tier() : Tier.of(tier),
          provider,
          config.engine().selfTestRun());
    } catch (IllegalArgumentException outOfRange) {
      throw refused(outOfRange.getMessage());
    }
  }

  private DeviceChoice device(DarkroomConfig config) {
    return device == null ? config.device().provider() : DeviceChoice.of(device);
  }

  private RuntimeException refused(@Nullable String message) {
    if (command == null) {
      return new IllegalStateException(message);
    }
    return new ParameterException(command.commandLine(), message);
  }
}
