package io.darkroom.docs;

import io.darkroom.app.DarkroomConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The tables of {@code src/docs/configuration.md}, one per group of keys, made from {@link
 * DarkroomConfig}.
 */
final class ConfigurationTable {
  static final PageSection SECTION = new PageSection("keys");
  static final Path PAGE = Path.of("src/docs/configuration.md");

  private ConfigurationTable() {}

  static String markdown() throws IOException {
    ConfigurationKeys keys = ConfigurationKeys.read();
    String top = "Keys without a group:\n\n" + table(keys.top());
    return keys.groups().stream()
        .map(group -> heading(group) + table(group.keys()))
        .collect(Collectors.joining("\n", top + "\n", ""));
  }

  private static String heading(ConfigurationKeys.Group group) {
    return "## `%s.*`\n\n%s\n\n".formatted(group.prefix(), group.meaning());
  }

  private static String table(List<ConfigurationKeys.Key> keys) {
    return keys.stream()
        .map(ConfigurationTable::row)
        .collect(
            Collectors.joining("", "| key | type | default | meaning |\n|---|---|---|---|\n", ""));
  }

  private static String row(ConfigurationKeys.Key key) {
    return "| `%s` | %s | %s | %s |\n"
        .formatted(key.name(), key.type(), key.standard(), key.meaning().replace("|", "\\|"));
  }
}
