package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Reads the configuration files of model packages as Python writes them: null means a missing key,
 * and {@code NaN}, {@code Infinity} and {@code -Infinity} without quotes are numbers.
 */
public final class JsonConfig {
  private static final int MAX_BYTES = 1 << 26;
  private static final int MAX_DEPTH = 64;
  private static final StrictJson JSON = StrictJson.forConfigs(MAX_BYTES, MAX_DEPTH);

  private JsonConfig() {}

  /**
   * Returns the fields of a file: String, Boolean, Integer (Long or BigInteger if needed), Double,
   * List and Map, all unmodifiable. Nulls are left out, also in lists.
   *
   * @param file its name, for the error
   * @throws DamagedConfig if the bytes are not one JSON object in UTF-8, contain a key twice, are
   *     longer than 64 MiB or nested deeper than 64 levels
   */
  public static Map<String, Object> read(String file, byte[] bytes) throws DamagedConfig {
    JsonNode tree = tree(file, bytes);
    if (!tree.isObject()) {
      throw new DamagedConfig(file, "must be an object" + Wording.has(tree, false));
    }
    return JsonValues.configuration(tree);
  }

  /**
   * Returns the text of a file from which {@link #read} reads the same fields, for libraries that
   * need text.
   */
  public static String write(Map<String, ?> fields) {
    return new String(JsonValues.bytes(fields), StandardCharsets.UTF_8);
  }

  private static JsonNode tree(String file, byte[] bytes) throws DamagedConfig {
    try {
      return JSON.read(bytes);
    } catch (NotJson e) {
      throw new DamagedConfig(file, e.reason());
    }
  }
}
