package io.darkroom.app;

import io.darkroom.text.Printable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Formats the whole configuration, including defaults, as one line with masked secrets. */
final class Settings {
  private static final String PREFIX = "darkroom";
  private static final String MASK = "***";
  private static final Pattern SECRET = Pattern.compile("secret|password|token");
  private static final Pattern CREDENTIALS = Pattern.compile("//[^/@\\s]*@");

  private Settings() {}

  /** Returns a line such as {@code darkroom.engine.slots=32 ...}, in the order of the keys. */
  static String of(DarkroomConfig config) {
    Map<String, String> values = new TreeMap<>();
    collect(PREFIX, DarkroomConfig.class, config, values);
    return values.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue())
        .collect(Collectors.joining(" "));
  }

  private static void collect(
      String prefix, Class<?> group, Object values, Map<String, String> into) {
    for (Method key : group.getDeclaredMethods()) {
      if (key.getParameterCount() > 0 || key.isSynthetic()) {
        continue;
      }
      String name = UnknownKeys.key(prefix, key);
      Object value = value(key, values);
      if (key.getReturnType().getNestHost() == DarkroomConfig.class) {
        collect(name, key.getReturnType(), value, into);
      } else {
        into.put(name, shown(name, value));
      }
    }
  }

  private static Object value(Method key, Object values) {
    try {
      return key.invoke(values);
    } catch (IllegalAccessException | InvocationTargetException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String shown(String name, Object value) {
    Object plain = plain(value);
    if (SECRET.matcher(name).find() && !plain.toString().isEmpty()) {
      return MASK;
    }
    return Printable.logValue(CREDENTIALS.matcher(plain.toString()).replaceAll("//" + MASK + "@"));
  }

  private static Object plain(Object value) {
    if (value instanceof OptionalLong number) {
      return number.isPresent() ? number.getAsLong() : "";
    }
    return value instanceof Optional<?> optional
        ? optional.map(Object.class::cast).orElse("")
        : value;
  }
}
