package io.darkroom.plan;

import io.darkroom.image.Medium;
import io.darkroom.job.Size;
import io.darkroom.job.Source;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Plans the size of generated results: the size of a picture, or a length, which is stored as the
 * width.
 */
final class SizeChoice {

  private static final String SECONDS = "audio_length_in_s";

  private SizeChoice() {}

  /**
   * Returns the size; empty if a picture determines it.
   *
   * @param before the previous stage, if there is one
   */
  static Optional<Size> of(
      StageRequest asked,
      ModelCard card,
      Optional<StageChoice> before,
      Limits limits,
      Violations violations) {
    if (asked.source() instanceof Source.Latents) {
      return handed(card, before, violations);
    }
    return asked.source() instanceof Source.Enlarge
        ? Optional.empty()
        : Optional.of(generated(asked, card, limits, violations));
  }

  /**
   * Returns the size of the previous stage's latents, which must be the size that the model
   * expects.
   */
  private static Optional<Size> handed(
      ModelCard card, Optional<StageChoice> before, Violations violations) {
    Optional<Size> size = before.flatMap(StageChoice::size);
    if (size.isEmpty()) {
      violations.add("/denoising_start", "must be in a stage after one of kind generate");
      return size;
    }
    ModelCard giver = before.orElseThrow().card();
    Shape given = giver.sampleOf(size.get());
    boolean small = Math.max(size.get().width(), size.get().height()) <= most(card);
    boolean taken = small && (card.network().anySize() || size.get().equals(card.standardSize()));
    violations.check(
        taken
            && card.space().takesLatentsOf(giver.space())
            && card.sampleOf(size.get()).equals(given),
        "/model",
        "must take the latents of %s, %s for %s".formatted(giver.name(), given, size.get()));
    return size;
  }

  private static Size generated(
      StageRequest asked, ModelCard card, Limits limits, Violations violations) {
    if (card.medium().hasWidthAndHeight()) {
      return picture(asked.source().size(), card, limits, violations);
    }
    violations.check(
        asked.source().size().isEmpty(),
        "/width",
        "must be left out: the results of " + card.name() + " have no width and height");
    OptionalDouble seconds = asked.arguments().number(SECONDS);
    Size standard = card.standardSize();
    boolean sound = seconds.isPresent() && card.medium().is(Medium.Kind.SOUND);
    return sound ? sound(seconds.getAsDouble(), card, limits, violations) : standard;
  }

  /** Returns the number of samples of a sound, including the last one. */
  private static Size sound(double seconds, ModelCard card, Limits limits, Violations violations) {
    double length = Math.floor(seconds * card.medium().sampleRate());
    boolean possible = length >= 1 && length <= limits.maxPixels();
    violations.check(
        possible,
        "/" + SECONDS,
        "must be 1 to %d samples of %d a second, are %.0f"
            .formatted(limits.maxPixels(), card.medium().sampleRate(), length));
    return new Size(possible ? (int) length : 1, 1);
  }

  /** Returns the stage with the length of its results, if they are sounds. */
  static StageRequest fillDefaults(StageRequest asked, Size size, ModelCard card) {
    if (card.medium().hasWidthAndHeight()) {
      return asked.withSource(SourceChoice.fillDefaults(asked.source().withSize(size)));
    }
    Map<String, Double> seconds =
        card.medium().arguments().contains(SECONDS)
            ? Map.of(SECONDS, (double) size.width() / card.medium().sampleRate())
            : Map.of();
    return asked.withArguments(asked.arguments().withDefaults(seconds));
  }

  private static Size picture(
      Optional<Size> asked, ModelCard card, Limits limits, Violations violations) {
    Size standard = card.standardSize();
    Size size = asked.orElse(standard);
    check("/width", size.width(), standard.width(), card, violations);
    check("/height", size.height(), standard.height(), card, violations);
    violations.check(
        size.pixels() <= limits.maxPixels(),
        "/width",
        "width times height: must be at most " + limits.maxPixels() + ", is " + size.pixels());
    return size;
  }

  /** Returns the number of patches of a picture's sample, which are the tokens of a transformer. */
  static long patches(Size size, ModelCard card) {
    int side = card.space().factor() * card.network().patchSize();
    return (long) (size.width() / side) * (size.height() / side);
  }

  /** Returns the maximum pixels of a side for which a network has positions. */
  private static int most(ModelCard card) {
    return (int)
        Math.min(Integer.MAX_VALUE, (long) card.network().mostCells() * card.space().factor());
  }

  private static void check(
      String pointer, int side, int only, ModelCard card, Violations violations) {
    if (!card.network().anySize()) {
      violations.check(
          side == only, pointer, "must be " + only + " for " + card.name() + ", is " + side);
      return;
    }
    int most = most(card);
    violations.check(
        side <= most, pointer, "must be at most " + most + " for " + card.name() + ", is " + side);
    int multiple = card.sizeMultiple();
    violations.check(
        side % multiple == 0,
        pointer,
        "must be a multiple of " + multiple + " for " + card.name() + ", is " + side);
  }
}
