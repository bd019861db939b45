package io.darkroom.plan;

import io.darkroom.job.Size;
import java.util.Optional;

/** The size of generated pictures. */
final class SizeChoice {

  private SizeChoice() {}

  static Size of(Optional<Size> asked, ModelCard card, Limits limits, Violations violations) {
    ModelCard.Network network = card.network();
    int factor = factor(card);
    Size size =
        asked.orElseGet(
            () -> new Size(network.sampleWidth() * factor, network.sampleHeight() * factor));
    check("/width", size.width(), network.sampleWidth() * factor, factor, card, violations);
    check("/height", size.height(), network.sampleHeight() * factor, factor, card, violations);
    violations.check(
        size.pixels() <= limits.maxPixels(),
        "/width",
        "width times height: must be at most " + limits.maxPixels() + ", is " + size.pixels());
    return size;
  }

  /** Patches of the sample of a picture: what a transformer has as tokens of it. */
  static long patches(Size size, ModelCard card) {
    int side = factor(card) * card.network().patchSize();
    return (long) (size.width() / side) * (size.height() / side);
  }

  private static int factor(ModelCard card) {
    return card.layout() instanceof ModelCard.Layout.TextToImage text ? text.latents().factor() : 1;
  }

  private static void check(
      String pointer, int side, int only, int factor, ModelCard card, Violations violations) {
    if (!card.network().anySize()) {
      violations.check(
          side == only, pointer, "must be " + only + " for " + card.name() + ", is " + side);
      return;
    }
    int multiple = card.network().sizeMultiple() * factor;
    violations.check(
        side % multiple == 0,
        pointer,
        "must be a multiple of " + multiple + " for " + card.name() + ", is " + side);
  }
}
