package io.darkroom.app.cli;

import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.UnknownKeys;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The worker's configuration for commands that do not start a worker. */
final class LocalConfig {
  private static final Path FILE = Path.of("config", "application.properties");

  /** Ordinal of the file in Quarkus: above the class path, below the environment. */
  private static final int FILE_ORDINAL = 260;

  private LocalConfig() {}

  /**
   * From system properties, the environment and {@code config/application.properties}.
   *
   * @throws IOException where that file cannot be read or has an unknown key of Darkroom
   */
  static DarkroomConfig read() throws IOException {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder()
            .addDefaultSources()
            .addDefaultInterceptors()
            .addDiscoveredConverters()
            .withConverter(Duration.class, DurationText.PRIORITY, new DurationText())
            .withMapping(DarkroomConfig.class)
            .withValidateUnknown(false);
    if (Files.isRegularFile(FILE)) {
      PropertiesConfigSource file = new PropertiesConfigSource(FILE.toUri().toURL(), FILE_ORDINAL);
      for (String unknown : UnknownKeys.of(List.of(), file.getPropertyNames())) {
        throw new IOException(FILE + ": " + unknown);
      }
      builder.withSources(file);
    }
    return builder.build().getConfigMapping(DarkroomConfig.class);
  }
}
