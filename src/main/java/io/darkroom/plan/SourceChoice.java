package io.darkroom.plan;

import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.job.Resize;
import io.darkroom.job.Source;
import io.darkroom.job.Violations;
import io.darkroom.model.Condition;
import io.darkroom.model.ModelCard;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a stage starts from: the request's picture, its mask and its strength. */
final class SourceChoice {
  private static final double STRENGTH = 0.8;
  private static final int RGB = 3;

  private SourceChoice() {}

  /** How much of the way is gone; the defaults are those of diffusers' pipelines. */
  static double strength(Source source) {
    return source instanceof Source.Image image
        ? image.strength().orElse(image.mask().isPresent() ? 1 : STRENGTH)
        : 1;
  }

  private static Resize resize(Source.Image image) {
    return image.resize().orElse(Resize.EXACT);
  }

  /** The source with its defaults. */
  static Source filled(Source source) {
    return source instanceof Source.Image image
        ? image.filled(strength(image), resize(image))
        : source;
  }

  /**
   * Checks it.
   *
   * @param sampler null where a violation was found
   */
  static void check(
      Source source, ModelCard card, @Nullable Sampler sampler, Violations violations) {
    String kind = card.enlarges() ? "upscale" : "generate";
    violations.check(
        source.kind().equals(kind),
        "/kind",
        "must be " + kind + " for " + card.name() + ", is " + source.kind());
    if (source instanceof Source.Image) {
      checkPicture(card, violations);
    } else if (source instanceof Source.Enlarge enlarge) {
      violations.check(enlarge.tile().isEmpty(), "/tile", "is not supported by this worker");
    }
    boolean masked = source instanceof Source.Image image && image.mask().isPresent();
    violations.check(
        sampler == null || !sampler.readsKnown() || masked,
        "/scheduler/_class_name",
        "needs image and mask_image, because it paints around a known picture");
  }

  private static void checkPicture(ModelCard card, Violations violations) {
    violations.check(
        card.space().encodes(),
        "/image",
        "must be left out: "
            + card.name()
            + " has no vae_encoder that gives latent_parameters, which are mean and variance");
    violations.check(
        card.pictureChannels() == RGB,
        "/image",
        "must be left out: results of %s have %d channels, not 3"
            .formatted(card.name(), card.pictureChannels()));
  }

  /** The start of a stage with these choices. */
  static Start start(Source source, ModelCard card, Sampler sampler) {
    if (!(source instanceof Source.Image image)) {
      return Start.NOISE;
    }
    Optional<Resize> resize = Optional.of(resize(image));
    if (image.mask().isEmpty()) {
      return new Start(true, Start.Keep.NOTHING, resize);
    }
    if (sampler.readsKnown()) {
      return new Start(false, Start.Keep.BY_SAMPLER, resize);
    }
    boolean network = card.conditions().stream().anyMatch(Condition::paintsAround);
    Start.Keep keep = network ? Start.Keep.NOTHING : Start.Keep.PUT_BACK;
    return new Start(strength(image) < 1, keep, resize);
  }
}
