package io.darkroom.app.cli;

import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.UnknownKeys;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The worker's configuration for commands that do not start a worker.
 *
 * @param broker settings of the clients of the broker, by Kafka's names
 */
record LocalConfig(DarkroomConfig worker, Map<String, Object> broker) {
  private static final Path FILE = Path.of("config", "application.properties");

  /** Ordinal of the file in Quarkus: above the class path, below the environment. */
  private static final int FILE_ORDINAL = 260;

  private static final String KAFKA = "kafka.";
  private static final Pattern ODD = Pattern.compile("[^a-z0-9.]");

  /**
   * Reads system properties, the environment and {@code config/application.properties}.
   *
   * @throws IOException if the file cannot be read or has an unknown key of Darkroom
   */
  static DarkroomConfig read() throws IOException {
    return open().worker();
  }

  /**
   * Reads the configuration and the settings of the Kafka clients, which are the keys with the
   * prefix {@code kafka.}, as Quarkus passes them to the clients of a worker.
   */
  static LocalConfig open() throws IOException {
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
    SmallRyeConfig config = builder.build();
    DarkroomConfig worker = config.getConfigMapping(DarkroomConfig.class);
    return new LocalConfig(worker, broker(config, worker));
  }

  private static Map<String, Object> broker(SmallRyeConfig config, DarkroomConfig worker) {
    Map<String, Object> broker = new HashMap<>();
    broker.put("bootstrap.servers", worker.kafka().bootstrapServers());
    for (String name : config.getPropertyNames()) {
      String key = ODD.matcher(name.toLowerCase(Locale.ROOT)).replaceAll(".");
      if (key.startsWith(KAFKA)) {
        config
            .getOptionalValue(name, String.class)
            .ifPresent(value -> broker.put(key.substring(KAFKA.length()), value));
      }
    }
    return broker;
  }
}
