package io.darkroom.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.app.DarkroomConfig;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConfigurationTableTest {

  @Test
  void thePageHasTheDeclarationsOfTheCode() throws IOException {
    assertThat(ConfigurationTable.SECTION.in(Files.readString(ConfigurationTable.PAGE)))
        .as(GeneratedPages.COMMAND)
        .isEqualTo(ConfigurationTable.markdown());
  }

  @Test
  void everyKeyHasAMeaning() throws IOException {
    assertThat(keys()).allSatisfy(key -> assertThat(key.meaning()).as(key.name()).endsWith("."));
  }

  @Test
  void theDefaultsAreThoseThatTheConfigurationLibraryUses() throws IOException {
    Map<String, String> table =
        keys()
            .filter(key -> key.standard().matches("`[^`]*`"))
            .collect(
                Collectors.toMap(ConfigurationKeys.Key::name, ConfigurationKeys.Key::standard));

    assertThat(table).isEqualTo(used());
  }

  /** The converter of durations has no effect here: only the text of a default counts. */
  private static Map<String, String> used() {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .withConverter(Duration.class, 200, text -> Duration.ZERO)
            .withMapping(DarkroomConfig.class)
            .build();
    Map<String, String> used = new TreeMap<>();
    for (String name : config.getPropertyNames()) {
      if (name.startsWith("darkroom.")) {
        used.put(name, "`" + config.getConfigValue(name).getValue() + "`");
      }
    }
    return used;
  }

  private static Stream<ConfigurationKeys.Key> keys() throws IOException {
    ConfigurationKeys keys = ConfigurationKeys.read();
    return Stream.concat(
        keys.top().stream(), keys.groups().stream().flatMap(group -> group.keys().stream()));
  }
}
