package io.darkroom.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of a package, read by key. Errors name the file and the key. Nulls count as absent,
 * as in diffusers.
 */
public final class Config {
  private final String file;
  private final Map<String, Object> values;

  /**
   * @param file relative to the package, for messages
   * @param values without nulls
   */
  public Config(String file, Map<String, Object> values) {
    this.file = file;
    this.values = values;
  }

  /** Returns all values except nulls. */
  public Map<String, Object> values() {
    return values;
  }

  /** Returns whether the key has a value. */
  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** Returns an integer, 0 or more; empty if the key is absent. */
  public OptionalInt integer(String key) throws BrokenPackage {
    Object value = values.get(key);
    if (value == null) {
      return OptionalInt.empty();
    }
    if (value instanceof Integer number && number >= 0) {
      return OptionalInt.of(number);
    }
    throw broken(key, "must be an integer, 0 or more, is " + shown(value));
  }

  /** Returns a required integer, 1 or more. */
  public int positive(String key) throws BrokenPackage {
    OptionalInt value = integer(key);
    if (value.isEmpty() || value.getAsInt() < 1) {
      throw broken(key, "must be an integer, 1 or more, is " + shown(values.get(key)));
    }
    return value.getAsInt();
  }

  /** Returns a finite number; empty if the key is absent. */
  public OptionalDouble number(String key) throws BrokenPackage {
    Object value = values.get(key);
    if (value == null) {
      return OptionalDouble.empty();
    }
    if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      return OptionalDouble.of(number.doubleValue());
    }
    throw broken(key, "must be a number, is " + shown(value));
  }

  /** Returns a list; empty if the key is absent. */
  public List<?> list(String key) throws BrokenPackage {
    Object value = Objects.requireNonNullElse(values.get(key), List.of());
    if (value instanceof List<?> list) {
      return list;
    }
    throw broken(key, "must be a list, is " + shown(value));
  }

  /** Returns the JSON value; null if the key is absent. */
  public @Nullable Object value(String key) {
    return values.get(key);
  }

  /** Creates the error that a key's value breaks a rule. */
  public BrokenPackage broken(String key, String problem) {
    return new BrokenPackage(file, key, problem);
  }

  /** Quotes text, so that "7" differs from 7. */
  private static String shown(@Nullable Object value) {
    return value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
  }
}
