package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import io.darkroom.model.LatentScaling;
import io.darkroom.model.NetworkNames;
import io.darkroom.model.Space;
import io.darkroom.model.TensorInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads how the samples of a package become results, from its decoder's configuration. */
final class SpaceReader {
  private static final String SCALING = "scaling_factor";
  private static final String MEAN = "latents_mean";
  private static final String DEVIATION = "latents_std";
  private static final List<String> TEXTS = List.of("text_encoder", "text_encoder_2", "bert");
  private static final String BLOCKS = "block_out_channels";
  private static final String TINY_BLOCKS = "decoder_block_out_channels";
  private static final String TINY_FACTOR = "upsampling_scaling_factor";

  /** Default of diffusers' AutoencoderKL. */
  private static final double SCALING_FACTOR = 0.18215;

  private SpaceReader() {}

  static Space read(PackageFolder files) throws BrokenPackage {
    boolean texts = TEXTS.stream().anyMatch(files::has);
    if (files.has(ModelPackage.VQ_DECODER)) {
      return quantized(files);
    }
    boolean decoded = files.has("vae_decoder");
    if (texts && !decoded) {
      throw MissingFile.of(files.folder(), ModelPackage.VAE_DECODER);
    }
    if (!decoded) {
      return Space.PIXELS;
    }
    Config vae = files.config(ModelPackage.VAE_DECODER_CONFIG);
    Space space = latents(vae);
    return encodes(files.folder(), vae) ? space.withEncoder() : space;
  }

  /**
   * Returns the space of the super-resolution pipeline, which does not scale latents, regardless of
   * the decoder's configuration.
   */
  private static Space quantized(PackageFolder files) throws BrokenPackage {
    Space space = latents(files.config(ModelPackage.VQ_DECODER + "/config.json"));
    Object pipeline = files.config(ModelPackage.INDEX).value("_class_name");
    return "LDMSuperResolutionPipeline".equals(pipeline) ? Space.latents(space.factor(), 1) : space;
  }

  /**
   * Returns whether there is an encoder that outputs mean and variance, as current exporters write
   * it, or the latents of an autoencoder that has no variance. Older exporters draw the noise in
   * the network, so the same request would give another picture each time.
   */
  private static boolean encodes(Path folder, Config vae) throws BrokenPackage {
    if (!Files.exists(folder.resolve(ModelPackage.VAE_ENCODER))) {
      return false;
    }
    OnnxGraph graph = OnnxGraph.read(folder, ModelPackage.VAE_ENCODER);
    List<TensorInfo> outputs = graph.outputs();
    return outputs.size() == 1
        && (tiny(vae)
            ? NetworkNames.LATENTS.contains(outputs.get(0).name())
            : outputs.get(0).name().equals(NetworkNames.LATENT_PARAMETERS))
        && outputs.get(0).size(1) > 0
        && graph.inputs().size() == 1
        && PictureNetwork.isPicture(outputs.get(0))
        && PictureNetwork.isPicture(graph.inputs().get(0));
  }

  /** Returns whether it is the autoencoder of TAESD, which has no variance. */
  private static boolean tiny(Config vae) {
    return "AutoencoderTiny".equals(vae.value("_class_name"));
  }

  private static Space latents(Config vae) throws BrokenPackage {
    String key = tiny(vae) && !vae.has(BLOCKS) ? TINY_BLOCKS : BLOCKS;
    int blocks = SampleSizes.blocks(vae, key);
    if (blocks == 0) {
      throw vae.broken(key, "is missing");
    }
    if (tiny(vae) && vae.integer(TINY_FACTOR).orElse(2) != 2) {
      throw vae.broken(TINY_FACTOR, "must be 2, is " + vae.value(TINY_FACTOR));
    }
    double scaling = vae.number(SCALING).orElse(tiny(vae) ? 1 : SCALING_FACTOR);
    if (!(scaling > 0)) {
      throw vae.broken(SCALING, "must be above 0, is " + scaling);
    }
    return Space.latents(1 << (blocks - 1), scaling(vae, scaling));
  }

  /** Returns the scaling. Both lists have a value for each channel or are missing. */
  private static LatentScaling scaling(Config vae, double factor) throws BrokenPackage {
    if (!vae.has(MEAN) || !vae.has(DEVIATION)) {
      return LatentScaling.shifted(factor, vae.number("shift_factor").orElse(0));
    }
    List<Double> means = numbers(vae, MEAN);
    List<Double> deviations = numbers(vae, DEVIATION);
    if (deviations.stream().anyMatch(each -> each <= 0)) {
      throw vae.broken(DEVIATION, "must be above 0, are " + deviations);
    }
    return new LatentScaling(factor, means, deviations);
  }

  private static List<Double> numbers(Config vae, String key) throws BrokenPackage {
    int channels = vae.integer("latent_channels").orElse(vae.list(MEAN).size());
    List<Double> numbers =
        vae.list(key).stream()
            .filter(Number.class::isInstance)
            .map(each -> ((Number) each).doubleValue())
            .filter(Double::isFinite)
            .toList();
    if (numbers.size() != channels) {
      throw vae.broken(key, "must be " + channels + " numbers, is " + vae.value(key));
    }
    return numbers;
  }
}
