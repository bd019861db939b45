package io.darkroom.plan;

import io.darkroom.job.ModelArguments;
import io.darkroom.job.Size;
import io.darkroom.job.Source;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.Layout;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import java.util.Optional;

/** Plans the size of generated results from the sides of a network's samples. */
final class SizeChoice {

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
    Layout layout = card.network().layout();
    boolean small =
        layout.sides().stream()
            .allMatch(side -> layout.of(size.get(), side.name()) <= most(side, card));
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
    Size size = new AskedSize(asked, card).checked(limits, violations);
    SizeLimits.check(size, card, limits, violations);
    return size;
  }

  /**
   * Checks the size that the tensors of a request determine.
   *
   * @param asked the request without defaults for the sides that are determined
   */
  static void checkGiven(
      StageRequest asked, ModelCard card, Size size, Limits limits, Violations violations) {
    AskedSize sizes = new AskedSize(asked, card);
    for (Layout.Dimension side : card.network().layout().sides()) {
      if (card.givenSides().contains(side.name())) {
        sizes.checkGiven(side, size, violations);
      }
    }
    SizeLimits.check(size, card, limits, violations);
  }

  /**
   * Returns the stage with the sizes of all sides.
   *
   * @param size size of the result
   */
  static StageRequest fillDefaults(StageRequest asked, Size size, ModelCard card) {
    return new AskedSize(asked, card).filled(size, side -> true);
  }

  /** Returns the stage with the sizes of the sides that the request's tensors do not determine. */
  static StageRequest fillKnown(StageRequest asked, Size size, ModelCard card) {
    return new AskedSize(asked, card)
        .filled(size, side -> !card.givenSides().contains(side.name()));
  }

  /** Returns the number of patches of a picture's sample, which are the tokens of a transformer. */
  static long patches(Size size, ModelCard card) {
    int side = card.space().factor() * card.network().patchSize();
    return (long) (size.width() / side) * (size.height() / side);
  }

  /** Returns the factor between the cells of a side and the pixels of the result. */
  static int factor(Layout.Dimension side, ModelCard card) {
    return Layout.isOfPicture(side.name()) ? card.space().factor() : 1;
  }

  /** Returns the maximum size of a side of a result that the network supports. */
  static int most(Layout.Dimension side, ModelCard card) {
    return (int) Math.min(Integer.MAX_VALUE, (long) side.most() * factor(side, card));
  }

  /** Returns the JSON pointer of the field that sets the size of a side. */
  static String pointer(Layout.Dimension side, ModelCard card) {
    String field = card.sizeField(side);
    return "/" + field + (field.equals(ModelArguments.SIZES) ? "/" + side.name() : "");
  }

  /** Returns whether the size of a side is given in seconds. */
  static boolean inSeconds(Layout.Dimension side, ModelCard card) {
    return card.sizeField(side).equals(ModelArguments.SECONDS);
  }
}
