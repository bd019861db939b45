package io.darkroom.app;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds names that look like keys of the worker but are not, such as misspelt keys. */
public final class UnknownKeys {
  private static final String PREFIX = "darkroom";

  /** Variables that Kubernetes sets for a service whose name begins with "darkroom". */
  private static final Pattern KUBERNETES =
      Pattern.compile("DARKROOM_(.+_)?(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_\\d+_[A-Z]+.*)?)");

  private static final Pattern ODD = Pattern.compile("[^A-Za-z0-9]");
  private static final Pattern WORD = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  private UnknownKeys() {}

  /**
   * Returns one message for each unknown name.
   *
   * @param environment names of all environment variables
   * @param properties names of all other properties
   */
  public static List<String> of(Collection<String> environment, Collection<String> properties) {
    Map<String, Method> keys = keys();
    Map<String, Method> variables = new TreeMap<>();
    keys.forEach((key, method) -> variables.put(variable(key), method));
    return Stream.concat(
            environment.stream()
                .filter(name -> name.startsWith(variable(PREFIX) + "_"))
                .filter(name -> !KUBERNETES.matcher(name).matches())
                .filter(name -> !known(name, variables, "_")),
            properties.stream()
                .filter(name -> name.startsWith(PREFIX + "."))
                .filter(name -> !known(name, keys, ".")))
        .sorted()
        .map(name -> name + ": unknown key, has no effect")
        .toList();
  }

  /**
   * Returns the key of a method: {@code darkroom.engine.rows-per-call} for {@code rowsPerCall()}.
   */
  public static String key(String prefix, Method method) {
    return prefix + "." + WORD.matcher(method.getName()).replaceAll("-").toLowerCase(Locale.ROOT);
  }

  /** Returns all keys, each with its method. */
  private static Map<String, Method> keys() {
    Map<String, Method> keys = new TreeMap<>();
    collect(PREFIX, DarkroomConfig.class, keys);
    return keys;
  }

  private static void collect(String prefix, Class<?> group, Map<String, Method> into) {
    for (Method method : group.getDeclaredMethods()) {
      String key = key(prefix, method);
      if (method.getReturnType().getNestHost() == DarkroomConfig.class) {
        collect(key, method.getReturnType(), into);
      } else if (method.getParameterCount() == 0) {
        into.put(key, method);
      }
    }
  }

  private static String variable(String key) {
    return ODD.matcher(key).replaceAll("_").toUpperCase(Locale.ROOT);
  }

  /** Returns whether a name is a key, or an entry of a key with several values. */
  private static boolean known(String name, Map<String, Method> keys, String separator) {
    return keys.containsKey(name)
        || keys.entrySet().stream()
            .filter(key -> several(key.getValue()))
            .anyMatch(
                key ->
                    name.startsWith(key.getKey() + separator)
                        || name.startsWith(key.getKey() + "["));
  }

  private static boolean several(Method method) {
    Class<?> type = method.getReturnType();
    return Map.class.isAssignableFrom(type)
        || Collection.class.isAssignableFrom(type)
        || (type == Optional.class
            && method.getGenericReturnType().toString().matches(".*\\.(Set|List)<.*"));
  }
}
