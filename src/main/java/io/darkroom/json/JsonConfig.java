package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Reads the configuration files of model packages as Python writes them: null means that a key is
 * not there, and the bare words {@code NaN}, {@code Infinity} and {@code -Infinity} are numbers.
 */
public final class JsonConfig {
  private static final int MAX_BYTES = 1 << 26;
  private static final int MAX_DEPTH = 64;
  private static final StrictJson JSON = StrictJson.forConfigs(MAX_BYTES, MAX_DEPTH);

  private JsonConfig() {}

  /**
   * The fields of a file: String, Boolean, Integer (Long, BigInteger where it has to be), Double,
   * List and Map, all unmodifiable; nulls are left out, in lists too.
   *
   * @param file its name, for the error
   * @throws DamagedConfig where the bytes are not one JSON object in UTF-8, hold a key twice, or
   *     are longer than 64 MiB or nested deeper than 64
   */
  public static Map<String, Object> read(String file, byte[] bytes) throws DamagedConfig {
    JsonNode tree = tree(file, bytes);
    if (!tree.isObject()) {
      throw new DamagedConfig(file, "must be an object" + Wording.has(tree, false));
    }
    return JsonValues.configuration(tree);
  }

  /** The file that {@link #read} would read the same fields from, for libraries that take text. */
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
