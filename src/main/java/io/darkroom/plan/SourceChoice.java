package io.darkroom.plan;

import io.darkroom.diffusion.DenoisingRange;
import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.job.Resize;
import io.darkroom.job.Source;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Tile;
import io.darkroom.job.Violations;
import io.darkroom.model.Condition;
import io.darkroom.model.ModelCard;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plans the source of a stage: the request's picture, its mask and its strength. */
final class SourceChoice {
  private static final double STRENGTH = 0.8;

  private SourceChoice() {}

  /** Returns the fraction of the steps that are run, by default as in diffusers' pipelines. */
  static double strength(Source source) {
    return source instanceof Source.Image image
        ? image.strength().orElse(image.mask().isPresent() ? 1 : STRENGTH)
        : 1;
  }

  /** Returns the part of the schedule that is run. */
  static DenoisingRange range(StageRequest stage) {
    return new DenoisingRange(
        stage.source().denoisingStart(),
        stage.sampling().denoisingEnd().orElse(DenoisingRange.WHOLE.end()));
  }

  private static Resize resize(Source.Image image) {
    return image.resize().orElse(Resize.EXACT);
  }

  /** Returns the source with its defaults. */
  static Source fillDefaults(Source source) {
    return source instanceof Source.Image image
        ? image.withDefaults(strength(image), resize(image))
        : source;
  }

  /**
   * Checks a source.
   *
   * @param sampler null if there is a violation
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
    }
    source.tile().ifPresent(tile -> checkTile(tile, card, violations));
    violations.check(
        sampler == null || !sampler.readsKnown() || source.mask().isPresent(),
        "/scheduler/_class_name",
        "needs image and mask_image, because it inpaints a known picture");
  }

  private static void checkTile(Tile tile, ModelCard card, Violations violations) {
    if (!card.tiles()) {
      violations.add("/tile", "must be left out: " + card.name() + " does not enlarge by tiles");
      return;
    }
    int multiple = card.tileMultiple();
    violations.check(
        tile.size() % multiple == 0,
        "/tile/size",
        "must be a multiple of " + multiple + " for " + card.name() + ", is " + tile.size());
  }

  private static void checkPicture(ModelCard card, Violations violations) {
    violations.check(
        card.space().encodes(),
        "/image",
        "must be left out: "
            + card.name()
            + " has no vae_encoder with the output latent_parameters (mean and variance), and none of"
            + " an AutoencoderTiny");
    violations.check(
        card.givesRgbPictures(),
        "/image",
        () ->
            "must be left out: results of %s have %d channels, not 3"
                .formatted(card.name(), card.pictureChannels()));
  }

  /** Returns the start of a stage with these choices. */
  static Start start(Source source, ModelCard card, Sampler sampler) {
    if (source instanceof Source.Latents) {
      return Start.LATENTS;
    }
    if (!(source instanceof Source.Image image)) {
      return Start.NOISE;
    }
    Optional<Resize> resize = Optional.of(resize(image));
    if (image.mask().isEmpty()) {
      return new Start(Start.From.PICTURE, Start.Keep.NOTHING, resize);
    }
    if (sampler.readsKnown()) {
      return new Start(Start.From.NOISE, Start.Keep.BY_SAMPLER, resize);
    }
    boolean network = card.conditions().stream().anyMatch(Condition::paintsAround);
    Start.Keep keep = network ? Start.Keep.NOTHING : Start.Keep.PUT_BACK;
    Start.From from = strength(image) < 1 ? Start.From.PICTURE : Start.From.NOISE;
    return new Start(from, keep, resize);
  }
}
