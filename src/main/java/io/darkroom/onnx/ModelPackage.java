package io.darkroom.onnx;

import io.darkroom.plan.ModelCard;
import java.nio.file.Path;

/**
 * A folder in the layout of diffusers' ONNX pipelines, read but not loaded: {@code
 * model_index.json}, {@code scheduler/scheduler_config.json}, {@code unet/} and, for pictures from
 * texts, {@code tokenizer/}, {@code text_encoder/} and {@code vae_decoder/}; a network is {@code
 * config.json} beside {@code model.onnx}.
 *
 * @param folder where it is
 * @param card what planning knows of it
 */
public record ModelPackage(Path folder, ModelCard card) {

  static final String INDEX = "model_index.json";
  static final String SCHEDULER = "scheduler/scheduler_config.json";
  static final String UNET = "unet/model.onnx";
  static final String UNET_CONFIG = "unet/config.json";
  static final String TEXT_ENCODER = "text_encoder/model.onnx";
  static final String TEXT_ENCODER_CONFIG = "text_encoder/config.json";
  static final String VAE_DECODER = "vae_decoder/model.onnx";
  static final String VAE_DECODER_CONFIG = "vae_decoder/config.json";
  static final String LABELS = "labels.json";

  /**
   * Reads the package in {@code folder}, every byte of it, for the digests.
   *
   * @throws BrokenPackage naming the file and the field where something is missing, malformed or of
   *     a kind that is not served
   */
  public static ModelPackage read(Path folder) throws BrokenPackage {
    String name = folder.toAbsolutePath().normalize().getFileName().toString();
    try {
      return read(name, folder);
    } catch (BrokenPackage e) {
      throw e.in(name);
    }
  }

  private static ModelPackage read(String name, Path folder) throws BrokenPackage {
    ConfigFile.read(folder, INDEX);
    PackageDigest digest = PackageDigest.of(folder);
    ConfigFile scheduler = ConfigFile.read(folder, SCHEDULER);
    NetworkReader network = NetworkReader.read(folder);
    ModelCard card =
        new ModelCard(
            name,
            digest.sha256(),
            digest.components(),
            network.layout(),
            network.network(),
            scheduler.values(),
            PackageDigest.sha256(ConfigFile.bytes(folder, SCHEDULER)),
            network.defaults());
    return new ModelPackage(folder, card);
  }
}
