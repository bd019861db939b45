package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import io.darkroom.model.Space;
import io.darkroom.model.TensorInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How the samples of a package become results, by its decoder's configuration. */
final class SpaceReader {
  private static final String SCALING = "scaling_factor";
  private static final String PARAMETERS = "latent_parameters";
  private static final String BLOCKS = "block_out_channels";

  /** What diffusers' AutoencoderKL has where its configuration is silent. */
  private static final double SCALING_FACTOR = 0.18215;

  private SpaceReader() {}

  static Space read(PackageFolder files) throws BrokenPackage {
    if (files.has("text_encoder_2")) {
      throw new BrokenPackage(ModelPackage.INDEX, "", "a second text encoder is not served");
    }
    boolean texts = files.has("text_encoder");
    if (!texts && files.has(ModelPackage.VQ_DECODER)) {
      return quantized(files);
    }
    if (texts != files.has("vae_decoder")) {
      throw MissingFile.of(
          files.folder(), texts ? ModelPackage.VAE_DECODER : ModelPackage.TEXT_ENCODER);
    }
    if (files.has(ModelPackage.VQ_DECODER)) {
      throw new BrokenPackage(
          ModelPackage.INDEX, "", "a VQ-VAE beside a text encoder is not served");
    }
    if (!texts) {
      return Space.PIXELS;
    }
    Space space = latents(files.config(ModelPackage.VAE_DECODER_CONFIG));
    return encodes(files.folder()) ? space.withEncoder() : space;
  }

  /** The super-resolution pipeline does not scale its latents, whatever the decoder says. */
  private static Space quantized(PackageFolder files) throws BrokenPackage {
    Space space = latents(files.config(ModelPackage.VQ_DECODER + "/config.json"));
    Object pipeline = files.config(ModelPackage.INDEX).value("_class_name");
    return "LDMSuperResolutionPipeline".equals(pipeline) ? Space.latents(space.factor(), 1) : space;
  }

  /**
   * Whether there is an encoder that gives mean and variance, as exporters write it today. Older
   * ones draw the noise inside of the network: the same request would give another picture each
   * time.
   */
  private static boolean encodes(Path folder) throws BrokenPackage {
    if (!Files.exists(folder.resolve(ModelPackage.VAE_ENCODER))) {
      return false;
    }
    OnnxGraph graph = OnnxGraph.read(folder, ModelPackage.VAE_ENCODER);
    List<TensorInfo> outputs = graph.outputs();
    return outputs.size() == 1
        && outputs.get(0).name().equals(PARAMETERS)
        && outputs.get(0).size(1) > 0
        && graph.inputs().size() == 1
        && PictureNetwork.isPicture(outputs.get(0))
        && PictureNetwork.isPicture(graph.inputs().get(0));
  }

  private static Space latents(Config vae) throws BrokenPackage {
    refuseUnless(vae, "shift_factor", 0);
    refuseUnless(vae, "latents_mean", 0);
    refuseUnless(vae, "latents_std", 1);
    int blocks = vae.list(BLOCKS).size();
    if (blocks == 0) {
      throw vae.broken(BLOCKS, "is missing");
    }
    if (blocks > NetworkReader.MOST_BLOCKS) {
      throw vae.broken(BLOCKS, "must be at most " + NetworkReader.MOST_BLOCKS + ", are " + blocks);
    }
    double scaling = vae.number(SCALING).orElse(SCALING_FACTOR);
    if (!(scaling > 0)) {
      throw vae.broken(SCALING, "must be above 0, is " + scaling);
    }
    return Space.latents(1 << (blocks - 1), scaling);
  }

  /** What is applied to latents beside the factor is not served, unless it has no effect. */
  private static void refuseUnless(Config vae, String key, double neutral) throws BrokenPackage {
    Object value = vae.value(key);
    List<?> values =
        value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    for (Object each : values) {
      if (!(each instanceof Number number) || number.doubleValue() != neutral) {
        throw vae.broken(key, "is not served, is " + value);
      }
    }
  }
}
