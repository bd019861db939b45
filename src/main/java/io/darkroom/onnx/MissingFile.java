package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Creates the error that a file of a package is missing, with advice based on the existing files.
 */
final class MissingFile {
  private static final String CONFIG = "/config.json";
  private static final List<String> NETWORKS = List.of("unet", "text_encoder", "vae_decoder");

  private MissingFile() {}

  static BrokenPackage of(Path folder, String file) {
    return new BrokenPackage(file, "", "is missing" + advice(folder, file));
  }

  private static String advice(Path folder, String file) {
    if (file.endsWith(".onnx")) {
      return instead(folder.resolve(file));
    }
    boolean converted =
        file.endsWith(CONFIG)
            && Files.exists(folder.resolve(ModelPackage.TEXT_ENCODER))
            && NETWORKS.stream().noneMatch(each -> Files.exists(folder.resolve(each + CONFIG)));
    return converted
        ? ", as diffusers' convert script leaves it out: copy unet/config.json,"
            + " text_encoder/config.json and vae/config.json (as vae_decoder/config.json) from the"
            + " model that was converted"
        : "";
  }

  /** Returns the networks that exist under other names or are not exported yet. */
  private static String instead(Path model) {
    List<String> others = named(model, ".onnx");
    if (!others.isEmpty()) {
      return ": there is " + String.join(", ", others) + ", name the one to serve model.onnx";
    }
    List<String> weights = named(model, ".safetensors");
    return weights.isEmpty()
        ? ""
        : ": there is " + String.join(", ", weights) + ", which must be exported to ONNX first";
  }

  private static List<String> named(Path model, String ending) {
    try (Stream<Path> files = Files.list(model.resolveSibling("."))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .sorted()
          .toList();
    } catch (IOException noFolder) {
      return List.of();
    }
  }
}
