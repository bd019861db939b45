package io.darkroom.onnx;

import io.darkroom.model.ModelCard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A folder in the layout of diffusers' ONNX pipelines, read but not loaded: {@code
 * model_index.json}, {@code scheduler/scheduler_config.json}, {@code unet/} and, for pictures from
 * texts, {@code tokenizer/}, {@code text_encoder/} and {@code vae_decoder/}; a network is {@code
 * config.json} beside {@code model.onnx}.
 *
 * @param folder where it is
 * @param card what planning knows of it
 * @param bytes of its files that count, by component
 */
public record ModelPackage(Path folder, ModelCard card, Map<String, Long> bytes) {
  static final String INDEX = "model_index.json";
  static final String SCHEDULER = "scheduler/scheduler_config.json";
  static final String UNET = "unet/model.onnx";
  static final String UNET_CONFIG = "unet/config.json";
  static final String TEXT_ENCODER = "text_encoder/model.onnx";
  static final String TEXT_ENCODER_CONFIG = "text_encoder/config.json";
  static final String VAE_DECODER = "vae_decoder/model.onnx";
  static final String VAE_ENCODER = "vae_encoder/model.onnx";
  static final String VAE_DECODER_CONFIG = "vae_decoder/config.json";

  /** A decoder that takes latents to the nearest of its codebook first. */
  static final String VQ_DECODER = "vqvae_decoder";

  public ModelPackage {
    bytes = Map.copyOf(bytes);
  }

  /** The folder of a package's decoder. */
  static String decoder(Path folder) {
    return Files.isDirectory(folder.resolve(VQ_DECODER)) ? VQ_DECODER : "vae_decoder";
  }
}
