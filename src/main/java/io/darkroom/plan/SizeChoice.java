package io.darkroom.plan;

import io.darkroom.job.Size;
import io.darkroom.job.Violations;
import io.darkroom.model.ModelCard;
import java.util.Optional;

/** The size of generated pictures. */
final class SizeChoice {

  private SizeChoice() {}

  static Size of(Optional<Size> asked, ModelCard card, Limits limits, Violations violations) {
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

  /** Patches of the sample of a picture, which are the tokens of a transformer. */
  static long patches(Size size, ModelCard card) {
    int side = card.space().factor() * card.network().patchSize();
    return (long) (size.width() / side) * (size.height() / side);
  }

  private static void check(
      String pointer, int side, int only, ModelCard card, Violations violations) {
    if (!card.network().anySize()) {
      violations.check(
          side == only, pointer, "must be " + only + " for " + card.name() + ", is " + side);
      return;
    }
    int multiple = card.sizeMultiple();
    violations.check(
        side % multiple == 0,
        pointer,
        "must be a multiple of " + multiple + " for " + card.name() + ", is " + side);
  }
}
