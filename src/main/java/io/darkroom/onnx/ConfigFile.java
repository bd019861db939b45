package io.darkroom.onnx;

import io.darkroom.json.DamagedConfig;
import io.darkroom.json.JsonConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object from a package, read by key; whatever is not as expected names file and key. Nulls
 * count as absent, as diffusers treats them.
 */
final class ConfigFile {
  /** Many times what any tokenizer has; what is larger would be read for minutes. */
  private static final int MOST_BYTES = 1 << 23;

  private final String file;
  private final Map<String, Object> values;

  private ConfigFile(String file, Map<String, Object> values) {
    this.file = file;
    this.values = values;
  }

  /** Reads a file that must be there. */
  static ConfigFile read(Path folder, String file) throws BrokenPackage {
    return new ConfigFile(file, parse(file, bytes(folder, file)));
  }

  /** Reads a file that may be there. */
  static Optional<ConfigFile> readIfPresent(Path folder, String file) throws BrokenPackage {
    return Files.exists(folder.resolve(file)) ? Optional.of(read(folder, file)) : Optional.empty();
  }

  /** The bytes of a file that must be there. */
  static byte[] bytes(Path folder, String file) throws BrokenPackage {
    if (!Files.isRegularFile(folder.resolve(file))) {
      throw MissingFile.of(folder, file);
    }
    long size = PackageFiles.size(file, folder.resolve(file));
    if (size > MOST_BYTES) {
      throw new BrokenPackage(file, "", "must be at most " + MOST_BYTES + " bytes, is " + size);
    }
    try {
      return Files.readAllBytes(folder.resolve(file));
    } catch (IOException e) {
      throw new BrokenPackage(file, "", "cannot be read", e);
    }
  }

  /** Everything but nulls. */
  Map<String, Object> values() {
    return values;
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  OptionalInt integer(String key) throws BrokenPackage {
    Object value = values.get(key);
    if (value == null) {
      return OptionalInt.empty();
    }
    if (value instanceof Integer number && number >= 0) {
      return OptionalInt.of(number);
    }
    throw broken(key, "must be an integer, 0 or more, is " + shown(value));
  }

  int positive(String key) throws BrokenPackage {
    OptionalInt value = integer(key);
    if (value.isEmpty() || value.getAsInt() < 1) {
      throw broken(key, "must be an integer, 1 or more, is " + shown(values.get(key)));
    }
    return value.getAsInt();
  }

  OptionalDouble number(String key) throws BrokenPackage {
    Object value = values.get(key);
    if (value == null) {
      return OptionalDouble.empty();
    }
    if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      return OptionalDouble.of(number.doubleValue());
    }
    throw broken(key, "must be a number, is " + shown(value));
  }

  /** A list, empty where there is none. */
  List<?> list(String key) throws BrokenPackage {
    Object value = Objects.requireNonNullElse(values.get(key), List.of());
    if (value instanceof List<?> list) {
      return list;
    }
    throw broken(key, "must be a list, is " + shown(value));
  }

  @Nullable Object value(String key) {
    return values.get(key);
  }

  /** Text in quotes, so that "7" does not look like 7. */
  private static String shown(@Nullable Object value) {
    return value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
  }

  BrokenPackage broken(String key, String problem) {
    return new BrokenPackage(file, key, problem);
  }

  private static Map<String, Object> parse(String file, byte[] bytes) throws BrokenPackage {
    try {
      return JsonConfig.read(file, bytes);
    } catch (DamagedConfig e) {
      throw new BrokenPackage(file, "", e.reason(), e);
    }
  }
}
