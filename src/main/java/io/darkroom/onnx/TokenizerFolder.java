package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder of a tokenizer in a package.
 *
 * @param root the package
 * @param name name of the folder, e.g. {@code tokenizer_2}
 */
record TokenizerFolder(Path root, String name) {
  /** The one-file format. */
  static final String WHOLE = "tokenizer.json";

  /** Settings of all kinds of tokenizers. */
  static final String CONFIG = "tokenizer_config.json";

  /** Returns a file's path in the package. */
  String path(String file) {
    return name + "/" + file;
  }

  boolean has(String file) {
    return Files.exists(root.resolve(path(file)));
  }

  /** Reads a required JSON object. */
  Config config(String file) throws BrokenPackage {
    return ConfigFile.read(root, path(file));
  }

  /** Reads an optional JSON object. */
  Optional<Config> configIfPresent(String file) throws BrokenPackage {
    return ConfigFile.readIfPresent(root, path(file));
  }

  /** Returns the bytes of a required file. */
  byte[] bytes(String file) throws BrokenPackage {
    return ConfigFile.bytes(root, path(file));
  }

  /** Creates the error that a field breaks a rule. */
  BrokenPackage broken(String field, String problem) {
    return new BrokenPackage(name, field, problem);
  }
}
