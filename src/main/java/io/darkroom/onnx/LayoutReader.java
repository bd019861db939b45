package io.darkroom.onnx;

import io.darkroom.plan.ModelCard;
import io.darkroom.plan.ModelCard.Layout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the pieces of a package amount to. */
final class LayoutReader {
  private static final String SCALING = "scaling_factor";
  private static final double SCALING_FACTOR = 0.18215;

  private final Path folder;
  private final ConfigFile config;
  private final OnnxGraph graph;

  /**
   * @param config of the denoising network
   * @param graph of the denoising network
   */
  LayoutReader(Path folder, ConfigFile config, OnnxGraph graph) {
    this.folder = folder;
    this.config = config;
    this.graph = graph;
  }

  Layout layout(int inputChannels, int outputChannels) throws BrokenPackage {
    boolean texts = has("text_encoder");
    if (texts != has("vae_decoder")) {
      throw MissingFile.of(folder, texts ? ModelPackage.VAE_DECODER : ModelPackage.TEXT_ENCODER);
    }
    if (has("vqvae_decoder") || has("text_encoder_2")) {
      throw new BrokenPackage(
          ModelPackage.INDEX, "", "a second text encoder or a VQ-VAE is not served");
    }
    if (graph.input(NetworkReader.HIDDEN_STATES).isPresent() != texts) {
      throw new BrokenPackage(
          ModelPackage.UNET,
          NetworkReader.HIDDEN_STATES,
          "must be an input where there is a text encoder, and only there");
    }
    if (texts) {
      return new Layout.TextToImage(maxTokens(), latents());
    }
    if (config.has("scale") || inputChannels == 2 * outputChannels) {
      return superResolution();
    }
    return new Layout.PixelImages(classes());
  }

  private boolean has(String component) {
    return Files.isDirectory(folder.resolve(component));
  }

  private int maxTokens() throws BrokenPackage {
    return ConfigFile.read(folder, ModelPackage.TEXT_ENCODER_CONFIG)
        .positive("max_position_embeddings");
  }

  private ModelCard.Latents latents() throws BrokenPackage {
    ConfigFile vae = ConfigFile.read(folder, ModelPackage.VAE_DECODER_CONFIG);
    refuseUnless(vae, "shift_factor", 0);
    refuseUnless(vae, "latents_mean", 0);
    refuseUnless(vae, "latents_std", 1);
    int blocks = vae.list("block_out_channels").size();
    if (blocks == 0) {
      throw vae.broken("block_out_channels", "is missing");
    }
    if (blocks > NetworkReader.MOST_BLOCKS) {
      throw vae.broken(
          "block_out_channels", "must be at most " + NetworkReader.MOST_BLOCKS + ", are " + blocks);
    }
    double scaling = vae.number(SCALING).orElse(SCALING_FACTOR);
    if (!(scaling > 0)) {
      throw vae.broken(SCALING, "must be above 0, is " + scaling);
    }
    return new ModelCard.Latents(1 << (blocks - 1), scaling);
  }

  /** What is applied to latents beside the factor is not served, unless it changes nothing. */
  private static void refuseUnless(ConfigFile vae, String key, double neutral)
      throws BrokenPackage {
    Object value = vae.value(key);
    List<?> values =
        value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    for (Object each : values) {
      if (!(each instanceof Number number) || number.doubleValue() != neutral) {
        throw vae.broken(key, "is not served, is " + value);
      }
    }
  }

  private Layout superResolution() throws BrokenPackage {
    return new Layout.SuperResolution(
        config.positive("scale"),
        config.integer("max_noise_level").orElse(0),
        config.number("noise_level_std").orElse(0));
  }

  private Optional<ModelCard.Classes> classes() throws BrokenPackage {
    return graph.input(NetworkReader.CLASS_LABELS).isPresent()
        ? Optional.of(ClassLabels.read(folder, config))
        : Optional.empty();
  }
}
