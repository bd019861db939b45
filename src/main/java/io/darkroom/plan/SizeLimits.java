package io.darkroom.plan;

import io.darkroom.image.Medium;
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
        "/num_frames",
        () ->
            "must be at most %d (darkroom.limits.frames), is %d"
                .formatted(limits.maxFrames(), frames));
  }

  private static void checkSamples(long samples, Limits limits, Violations violations) {
    violations.check(
        samples <= limits.maxSamples(),
        "/audio_length_in_s",
        () ->
            "samples: must be at most %d (darkroom.limits.samples), are %d"
                .formatted(limits.maxSamples(), samples));
  }

  private static void checkElements(long elements, Limits limits, Violations violations) {
    violations.check(
        elements <= limits.maxElements(),
        "",
        () ->
            "numbers of a result: must be at most %d (darkroom.limits.elements), are %d"
                .formatted(limits.maxElements(), elements));
  }

  private static void check(
      Layout.Dimension side, int size, ModelCard card, Violations violations) {
    String pointer = SizeChoice.pointer(side, card);
    int only = side.size() * SizeChoice.factor(side, card);
    if (!side.open()) {
      violations.check(
          size == only, pointer, "must be " + only + " for " + card.name() + ", is " + size);
      return;
    }
    int most = SizeChoice.most(side, card);
    violations.check(
        size <= most, pointer, "must be at most " + most + " for " + card.name() + ", is " + size);
    int multiple = side.multiple() * SizeChoice.factor(side, card);
    violations.check(
        size % multiple == 0 || SizeChoice.inSeconds(side, card),
        pointer,
        "must be a multiple of " + multiple + " for " + card.name() + ", is " + size);
  }
}
