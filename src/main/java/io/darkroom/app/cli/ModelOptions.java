package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.TierChoice;
import io.darkroom.app.models.ModelSource;
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
import picocli.CommandLine.Spec;

/** Options for packages and networks. The default of each is the configuration of the worker. */
final class ModelOptions {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--models",
      split = ",",
      paramLabel = "PLACE",
      converter = ModelSourceOption.class,
      description = {
        "Folders of model packages, or packages, or s3://bucket/prefix/ of packages.",
        "Default: darkroom.models (models)."
      })
  private List<ModelSource> models = List.of();

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

  /** Sets the folder of packages that is used if the command line names none. */
  void useByDefault(Path folder) {
    models = models.isEmpty() ? List.of(ModelSource.in(folder)) : models;
  }

  /** Returns the places of packages. */
  List<ModelSource> sources(DarkroomConfig config) {
    List<ModelSource> sources = models.isEmpty() ? config.models() : models;
    for (Path folder : ModelSource.folders(sources)) {
      if (!Files.isDirectory(folder)) {
        String key = models.isEmpty() ? "darkroom.models" : "--models";
        throw OptionCheck.refused(command, key + ": must be a folder, is " + folder);
      }
    }
    return sources;
  }

  /** Returns the settings of the networks. */
  NetworkSettings networks(DarkroomConfig config) {
    try {
      Provider provider = device(config).resolve(Configured.cuda(config.device()));
      int threadsOfRun = threads == null ? config.engine().threads() : threads;
      int rows = rowsPerCall == null ? config.engine().rowsPerCall() : rowsPerCall;
      return new NetworkSettings(
          threadsOfRun,
          rows,
          tier == null ? TierChoice.of(config.engine().tier(), provider).tier() : Tier.of(tier),
          provider,
          config.engine().selfTestRun(),
          Configured.lanes(config.engine(), provider, Math.max(1, threadsOfRun), Math.max(1, rows)),
          config.engine().fuse());
    } catch (IllegalArgumentException outOfRange) {
      throw OptionCheck.refused(command, String.valueOf(outOfRange.getMessage()));
    }
  }

  private DeviceChoice device(DarkroomConfig config) {
    return device == null ? config.device().provider() : DeviceChoice.of(device);
  }
}
