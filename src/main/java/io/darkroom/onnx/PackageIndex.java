package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Conditions;
import io.darkroom.model.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The package's {@code model_index.json}: its pipeline and the pipeline's components. A package
 * with components that are not supported is refused, because its pictures would differ from those
 * of the pipeline.
 */
final class PackageIndex {
  /** Components that are used or do not affect the picture. */
  private static final Set<String> SERVED =
      Set.of(
          "scheduler",
          "unet",
          "transformer",
          "tokenizer",
          "tokenizer_2",
          "tokenizer_3",
          "vae_encoder",
          "safety_checker",
          "feature_extractor");

  /** Components that are used if the named file exists. */
  private static final Map<String, String> EXPORTED =
      Map.of(
          "text_encoder",
          ModelPackage.TEXT_ENCODER,
          "text_encoder_2",
          "text_encoder_2/model.onnx",
          "text_encoder_3",
          "text_encoder_3/model.onnx",
          "bert",
          "bert/model.onnx",
          "vae",
          ModelPackage.VAE_DECODER,
          "vae_decoder",
          ModelPackage.VAE_DECODER,
          ModelPackage.FLOAT32_DECODER,
          ModelPackage.FLOAT32_DECODER + "/model.onnx");

  private final Config file;

  private PackageIndex(Config file) {
    this.file = file;
  }

  /**
   * Reads the index.
   *
   * @throws BrokenPackage if the pipeline has an unsupported component
   */
  static void check(Path folder) throws BrokenPackage {
    PackageIndex index = new PackageIndex(ConfigFile.read(folder, ModelPackage.INDEX));
    for (String component : index.file.values().keySet()) {
      if (index.names(component)) {
        index.checkUsed(component, folder);
      }
    }
  }

  private void checkUsed(String component, Path folder) throws BrokenPackage {
    String exported = EXPORTED.get(component);
    if (exported != null && !Files.exists(folder.resolve(exported))) {
      throw MissingFile.of(folder, exported);
    }
    boolean quantizes =
        component.equals("vqvae") && Files.isDirectory(folder.resolve(ModelPackage.VQ_DECODER));
    boolean served = quantizes || SERVED.contains(component) || Conditions.covers(component);
    if (exported == null && !served) {
      throw file.broken(
          component,
          "is a component that is not supported: images would differ from those of the pipeline");
    }
  }

  /**
   * Returns whether the pipeline has a component, which is a library and a class; {@code [null,
   * null]} means that it has none.
   */
  private boolean names(String component) {
    return !component.startsWith("_")
        && file.value(component) instanceof List<?> named
        && !named.isEmpty();
  }
}
