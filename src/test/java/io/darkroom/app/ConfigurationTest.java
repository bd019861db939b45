package io.darkroom.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.WithDefault;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(darkroom\\.[a-z0-9.-]+)` \\| (.+?) \\| .+ \\|$");

  @Test
  void thePageListsEveryKeyWithItsDefault() throws Exception {
    Map<String, String> listed = new TreeMap<>();
    Matcher rows = ROW.matcher(Files.readString(Path.of("src/docs/configuration.md")));
    while (rows.find()) {
      listed.put(rows.group(1), rows.group(2));
    }
    Map<String, String> declared = new TreeMap<>();
    collect("darkroom", DarkroomConfig.class, declared);
    assertThat(listed.keySet()).isEqualTo(declared.keySet());
    declared.forEach(
        (key, value) -> {
          if (!value.isEmpty()) {
            assertThat(listed.get(key)).as(key).isEqualTo("`" + value + "`");
          }
        });
  }

  private static void collect(String prefix, Class<?> group, Map<String, String> into) {
    for (Method method : group.getDeclaredMethods()) {
      String key = prefix + "." + kebab(method.getName());
      if (method.getReturnType().getEnclosingClass() == DarkroomConfig.class) {
        collect(key, method.getReturnType(), into);
      } else {
        into.put(
            key,
            Optional.ofNullable(method.getAnnotation(WithDefault.class))
                .map(WithDefault::value)
                .orElse(""));
      }
    }
  }

  private static String kebab(String camel) {
    return camel
        .replaceAll("([a-z])([A-Z])", "$1-$2")
        .replaceAll("([a-zA-Z])([0-9])(?=[A-Z])", "$1$2")
        .toLowerCase(Locale.ROOT);
  }
}
