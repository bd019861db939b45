package io.darkroom.console;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The query parameters of an address. A missing parameter is empty. */
record Query(Map<String, String> values) {
  private static final int MOST = 32;

  Query {
    values = Map.copyOf(values);
  }

  static Query of(URI address) {
    Map<String, String> values = new HashMap<>();
    String query = address.getRawQuery();
    if (query != null) {
      for (String pair : query.split("&", MOST)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          values.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
        }
      }
    }
    return new Query(values);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException odd) {
      return "";
    }
  }

  String text(String name) {
    return values.getOrDefault(name, "");
  }

  /** Returns a number within bounds; {@code standard} if the parameter is not a number. */
  int integer(String name, int standard, int least, int most) {
    String text = text(name);
    return text.matches("\\d{1,9}")
        ? Math.min(most, Math.max(least, Integer.parseInt(text)))
        : standard;
  }
}
