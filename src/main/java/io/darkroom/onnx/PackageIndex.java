package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The package's {@code model_index.json}: which pipeline it is of and which components that has. A
 * pipeline with more components than are used here would give other pictures than its own.
 */
final class PackageIndex {
  private static final String CLASS_NAME = "_class_name";

  /** Used, or without a bearing on the picture that is made. */
  private static final Set<String> SERVED =
      Set.of(
          "scheduler",
          "low_res_scheduler",
          "unet",
          "tokenizer",
          "vae_encoder",
          "safety_checker",
          "feature_extractor");

  /** Used where this file of theirs is there. */
  private static final Map<String, String> EXPORTED =
      Map.of(
          "text_encoder", ModelPackage.TEXT_ENCODER,
          "vae", ModelPackage.VAE_DECODER,
          "vae_decoder", ModelPackage.VAE_DECODER);

  private final Config file;

  private PackageIndex(Config file) {
    this.file = file;
  }

  /**
   * Reads it.
   *
   * @throws BrokenPackage where the pipeline is known not to be served, or has a component that is
   *     not used
   */
  static void check(Path folder) throws BrokenPackage {
    PackageIndex index = new PackageIndex(ConfigFile.read(folder, ModelPackage.INDEX));
    index.refuseFamilies();
    for (String component : index.file.values().keySet()) {
      if (index.names(component)) {
        index.checkUsed(component, folder);
      }
    }
  }

  private void refuseFamilies() throws BrokenPackage {
    String name = String.valueOf(file.value(CLASS_NAME));
    refuse(name.contains("StableDiffusion3"), "a Stable Diffusion 3 package");
    refuse(name.contains("Flux"), "a FLUX package");
    boolean xl = name.contains("StableDiffusionXL") || name.contains("StableDiffusionXl");
    refuse(xl || (names("text_encoder_2") && names("unet")), "an SDXL package");
    refuse(names("transformer"), "a package of a diffusion transformer");
  }

  private void refuse(boolean is, String family) throws BrokenPackage {
    if (is) {
      throw file.broken(
          CLASS_NAME, "is " + file.value(CLASS_NAME) + ", " + family + ", which is not served");
    }
  }

  private void checkUsed(String component, Path folder) throws BrokenPackage {
    String exported = EXPORTED.get(component);
    if (exported != null && !Files.exists(folder.resolve(exported))) {
      throw MissingFile.of(folder, exported);
    }
    boolean quantizes =
        component.equals("vqvae") && Files.isDirectory(folder.resolve(ModelPackage.VQ_DECODER));
    if (exported == null && !quantizes && !SERVED.contains(component)) {
      throw file.broken(
          component, "is a component that is not used: the pictures would not be the pipeline's");
    }
  }

  /** A component is a library and a class; {@code [null, null]} where the pipeline goes without. */
  private boolean names(String component) {
    return !component.startsWith("_")
        && file.value(component) instanceof List<?> named
        && !named.isEmpty();
  }
}
