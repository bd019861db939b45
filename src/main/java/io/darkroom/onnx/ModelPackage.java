package io.darkroom.onnx;

import io.darkroom.model.ModelCard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A model package that is read but not loaded, a folder in the layout of diffusers' ONNX pipelines:
 * {@code model_index.json}, {@code scheduler/scheduler_config.json}, {@code unet/} or {@code
 * transformer/} and, for pictures from texts, {@code tokenizer/}, {@code text_encoder/} and {@code
 * vae_decoder/}; a network consists of {@code config.json} and {@code model.onnx}.
 *
 * @param folder its folder
 * @param card facts for planning
 * @param bytes bytes of its files, by component
 */
public record ModelPackage(Path folder, ModelCard card, Map<String, Long> bytes) {
  /** Name of the file that describes the pipeline. */
  public static final String INDEX = "model_index.json";

  static final String SCHEDULER = "scheduler/scheduler_config.json";
  static final String TEXT_ENCODER = "text_encoder/model.onnx";
  static final String TEXT_ENCODER_CONFIG = "text_encoder/config.json";
  static final String VAE_DECODER = "vae_decoder/model.onnx";
  static final String VAE_ENCODER = "vae_encoder/model.onnx";
  static final String VAE_DECODER_CONFIG = "vae_decoder/config.json";

  /** The same decoder in float32, for latents that overflow in float16. */
  static final String FLOAT32_DECODER = "vae_decoder_fp32";

  /** A decoder that first replaces latents by the nearest vectors of its codebook. */
  static final String VQ_DECODER = "vqvae_decoder";

  public ModelPackage {
    bytes = Map.copyOf(bytes);
  }

  /** Returns the folder of a package's denoising network. */
  static String denoiser(Path folder) {
    return Files.isDirectory(folder.resolve("transformer")) ? "transformer" : "unet";
  }

  /** Returns the file of a package's denoising network. */
  static String network(Path folder) {
    return denoiser(folder) + "/model.onnx";
  }

  /** Returns the folder of a package's decoder. */
  static String decoder(Path folder) {
    return Files.isDirectory(folder.resolve(VQ_DECODER)) ? VQ_DECODER : "vae_decoder";
  }
}
