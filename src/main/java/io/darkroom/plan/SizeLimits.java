package io.darkroom.plan;

import io.darkroom.image.Medium;
import io.darkroom.job.ModelArguments;
import io.darkroom.job.Size;
import io.darkroom.job.Violations;
import io.darkroom.model.Layout;
import io.darkroom.model.ModelCard;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Checks the size of a result against what a network supports and the limits of one request. */
final class SizeLimits {

  private SizeLimits() {}

  /** Adds a violation for each side, and for each product of sides, that is not supported. */
  static void check(Size size, ModelCard card, Limits limits, Violations violations) {
    Layout layout = card.network().layout();
    List<Layout.Dimension> lastFirst = new ArrayList<>(layout.sides());
    Collections.reverse(lastFirst);
    for (Layout.Dimension side : lastFirst) {
      check(side, layout.of(size, side.name()), card, violations);
    }
    if (layout.side(Layout.WIDTH).isPresent()) {
      long pixels = (long) size.width() * size.height();
      violations.check(
          pixels <= limits.maxPixels(),
          "/width",
          "width times height: must be at most " + limits.maxPixels() + ", is " + pixels);
    }
    layout
        .side(Layout.FRAMES)
        .ifPresent(side -> checkFrames(layout.of(size, side.name()), limits, violations));
    if (card.medium().is(Medium.Kind.SOUND)) {
      checkSamples(size.pixels(), limits, violations);
    } else if (!card.medium().is(Medium.Kind.PICTURE)) {
      checkElements(card.elements(size), limits, violations);
    }
  }

  private static void checkFrames(int frames, Limits limits, Violations violations) {
    violations.check(
        frames <= limits.maxFrames(),
        "/" + ModelArguments.FRAMES,
        () ->
            "must be at most %d (darkroom.limits.frames), is %d"
                .formatted(limits.maxFrames(), frames));
  }

  private static void checkSamples(long samples, Limits limits, Violations violations) {
    violations.check(
        samples <= limits.maxSamples(),
        "/" + ModelArguments.SECONDS,
        () ->
            "samples: must be at most %d (darkroom.limits.samples), are %d"
                .formatted(limits.maxSamples(), samples));
  }

  private static void checkElements(long elements, Limits limits, Violations violations) {
    violations.check(
        elements <= limits.maxElements(),
        "",
        () ->
            "elements of a result: must be at most %d (darkroom.limits.elements), are %d"
                .formatted(limits.maxElements(), elements));
  }

  private static void check(
      Layout.Dimension side, int size, ModelCard card, Violations violations) {
    String pointer = SizeChoice.pointer(side, card);
    if (!side.open()) {
      int only = card.network().layout().of(card.standardSize(), side.name());
      violations.check(
          size == only, pointer, "must be " + only + " for " + card.name() + ", is " + size);
      return;
    }
    int most = SizeChoice.most(side, card);
    violations.check(
        size <= most, pointer, "must be at most " + most + " for " + card.name() + ", is " + size);
    int multiple = side.multiple() * SizeChoice.factor(side, card);
    // A sound is cropped to the length that a request sets, but not to the length of its tensors.
    boolean cropped = SizeChoice.inSeconds(side, card) && !card.givenSides().contains(side.name());
    violations.check(
        size % multiple == 0 || cropped,
        pointer,
        "must be a multiple of " + multiple + " for " + card.name() + ", is " + size);
  }
}
