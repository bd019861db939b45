package io.darkroom.docs;

import io.darkroom.app.DarkroomConfig;
import io.quarkus.runtime.annotations.ConfigDocDefault;
import io.quarkus.runtime.annotations.ConfigDocMapKey;
import io.smallrye.config.WithDefault;
import io.smallrye.config.common.utils.StringUtil;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All keys of {@link DarkroomConfig}, in the order of its source: names, types and defaults by
 * reflection, meanings from the comments of the source.
 *
 * @param top keys without a group
 */
record ConfigurationKeys(List<Key> top, List<Group> groups) {
  private static final String PREFIX = "darkroom";
  private static final Path SOURCE = Path.of("src/main/java/io/darkroom/app/DarkroomConfig.java");

  /**
   * One key.
   *
   * @param type such as {@code integer, 1 to 4096}
   * @param standard its default in Markdown
   * @param meaning one line of Markdown
   */
  record Key(String name, String type, String standard, String meaning) {}

  /**
   * Keys with a common prefix.
   *
   * @param prefix such as {@code darkroom.engine}
   */
  record Group(String prefix, String meaning, List<Key> keys) {}

  static ConfigurationKeys read() throws IOException {
    Map<String, String> comments = SourceComments.of(SOURCE);
    List<Method> top = methods(DarkroomConfig.class, comments);
    return new ConfigurationKeys(
        top.stream().filter(m -> !isGroup(m)).map(m -> key(PREFIX, m, comments)).toList(),
        top.stream().filter(ConfigurationKeys::isGroup).map(m -> group(m, comments)).toList());
  }

  private static Group group(Method method, Map<String, String> comments) {
    String prefix = name(PREFIX, method);
    Stream<Method> keys = methods(method.getReturnType(), comments).stream();
    return new Group(
        prefix,
        comments.get(SourceComments.id(method)),
        keys.map(key -> key(prefix, key, comments)).toList());
  }

  private static Key key(String prefix, Method method, Map<String, String> comments) {
    ConfigDocMapKey mapKey = method.getAnnotation(ConfigDocMapKey.class);
    String suffix = mapKey == null ? "" : "." + mapKey.value();
    return new Key(
        name(prefix, method) + suffix,
        ConfigurationType.of(method),
        standard(method),
        comments.get(SourceComments.id(method)));
  }

  private static String standard(Method method) {
    WithDefault value = method.getAnnotation(WithDefault.class);
    ConfigDocDefault words = method.getAnnotation(ConfigDocDefault.class);
    if (value != null) {
      return "`" + value.value() + "`";
    }
    if (words == null && method.getReturnType() != Map.class) {
      throw new IllegalStateException(method + ": must have @WithDefault or @ConfigDocDefault");
    }
    return words == null ? "none" : words.value();
  }

  private static List<Method> methods(Class<?> group, Map<String, String> comments) {
    List<String> order = List.copyOf(comments.keySet());
    return Arrays.stream(group.getDeclaredMethods())
        .sorted(Comparator.comparingInt(method -> order.indexOf(SourceComments.id(method))))
        .toList();
  }

  private static boolean isGroup(Method method) {
    return method.getReturnType().getEnclosingClass() == DarkroomConfig.class;
  }

  private static String name(String prefix, Method method) {
    return prefix + "." + StringUtil.skewer(method.getName());
  }
}
