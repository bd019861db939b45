package io.darkroom.docs;

import io.darkroom.app.models.ModelSource;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** The type of a key in words: its values, or its range if it has one. */
final class ConfigurationType {
  private static final Map<Class<?>, String> WORDS =
      Map.of(
          int.class, "integer",
          long.class, "integer",
          URI.class, "URI",
          ModelSource.class, "place",
          OptionalLong.class, "integer");

  private ConfigurationType() {}

  static String of(Method key) {
    Min min = key.getAnnotation(Min.class);
    Max max = key.getAnnotation(Max.class);
    String type = words(key.getGenericReturnType());
    if (min == null) {
      return type;
    }
    return max == null
        ? "%s, at least %d".formatted(type, min.value())
        : "%s, %d to %d".formatted(type, min.value(), max.value());
  }

  private static String words(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      String last = words(arguments[arguments.length - 1]);
      boolean many = Collection.class.isAssignableFrom((Class<?>) generic.getRawType());
      return many ? "list of " + last + "s" : last;
    }
    return simple((Class<?>) type);
  }

  private static String simple(Class<?> type) {
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(value -> "`" + value.toString().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
          .collect(Collectors.joining(", "));
    }
    return WORDS.getOrDefault(type, type.getSimpleName().toLowerCase(Locale.ROOT));
  }
}
