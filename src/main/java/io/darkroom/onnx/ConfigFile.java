package io.darkroom.onnx;

import io.darkroom.json.DamagedConfig;
import io.darkroom.json.JsonConfig;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the JSON objects of a package. */
final class ConfigFile {
  /** Maximum length, many times that of any tokenizer; a larger file would take minutes to read. */
  private static final int MOST_BYTES = 1 << 23;

  private ConfigFile() {}

  /** Reads a required file. */
  static Config read(Path folder, String file) throws BrokenPackage {
    try {
      return new Config(file, JsonConfig.read(file, bytes(folder, file)));
    } catch (DamagedConfig e) {
      throw new BrokenPackage(file, "", e.reason(), e);
    }
  }

  /** Reads an optional file. */
  static Optional<Config> readIfPresent(Path folder, String file) throws BrokenPackage {
    return Files.exists(folder.resolve(file)) ? Optional.of(read(folder, file)) : Optional.empty();
  }

  /** Returns the bytes of a required file. */
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
}
