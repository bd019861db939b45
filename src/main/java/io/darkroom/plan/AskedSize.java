package io.darkroom.plan;

import io.darkroom.job.ModelArguments;
import io.darkroom.job.Size;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.Layout;
import io.darkroom.model.ModelCard;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The fields of a stage that set the sizes of the sides of its results. */
record AskedSize(StageRequest asked, ModelCard card) {

  /**
   * Returns the size of results, with defaults for the sides that the request leaves out.
   *
   * @param violations receives a violation for each field that the model does not have
   */
  Size checked(Limits limits, Violations violations) {
    Layout layout = card.network().layout();
    violations.check(
        asked.source().size().isEmpty() || layout.side(Layout.WIDTH).isPresent(),
        "/width",
        "must be left out: the results of " + card.name() + " have no width and height");
    for (String name : asked.arguments().sizes().keySet()) {
      boolean known =
          layout
              .side(name)
              .filter(side -> card.sizeField(side).equals(ModelArguments.SIZES))
              .isPresent();
      violations.check(
          known,
          "/" + ModelArguments.SIZES + "/" + name,
          "must be left out: the results of " + card.name() + " have no such side");
    }
    return layout.size(side -> size(side, limits, violations));
  }

  private int size(Layout.Dimension side, Limits limits, Violations violations) {
    OptionalDouble given = given(side);
    if (given.isEmpty()) {
      return card.network().layout().of(card.standardSize(), side.name());
    }
    double size = given.getAsDouble();
    boolean seconds = SizeChoice.inSeconds(side, card);
    boolean possible = !seconds || (size >= 1 && size <= limits.maxSamples());
    violations.check(
        possible,
        SizeChoice.pointer(side, card),
        () ->
            "must give 1 to %d samples at %d samples per second, gives %.0f"
                .formatted(limits.maxSamples(), card.medium().rate(), size));
    return possible ? (int) size : 1;
  }

  /** Returns the size of a side that the request gives; empty if it does not give it. */
  private OptionalDouble given(Layout.Dimension side) {
    return switch (card.sizeField(side)) {
      case Layout.WIDTH -> asked.source().size().stream().mapToDouble(Size::width).findFirst();
      case Layout.HEIGHT -> asked.source().size().stream().mapToDouble(Size::height).findFirst();
      case ModelArguments.SECONDS ->
          asked.arguments().number(ModelArguments.SECONDS).stream()
              .map(seconds -> Math.floor(seconds * card.medium().rate()))
              .findFirst();
      case ModelArguments.SIZES -> {
        Integer size = asked.arguments().sizes().get(side.name());
        yield size == null ? OptionalDouble.empty() : OptionalDouble.of(size);
      }
      default -> asked.arguments().number(card.sizeField(side));
    };
  }

  /** Adds a violation if the request's size of a side differs from that of its tensors. */
  void checkGiven(Layout.Dimension side, Size size, Violations violations) {
    int determined = card.network().layout().of(size, side.name());
    OptionalDouble given = given(side);
    violations.check(
        given.isEmpty() || given.getAsDouble() == determined,
        SizeChoice.pointer(side, card),
        () ->
            "must be %d as in the tensors of the request, is %.0f"
                .formatted(determined, given.orElseThrow()));
  }

  /** Returns the stage with the sizes of the wanted sides. */
  StageRequest filled(Size size, Predicate<Layout.Dimension> wanted) {
    Layout layout = card.network().layout();
    StageRequest filled = asked;
    Map<String, Object> arguments = new HashMap<>();
    Map<String, Integer> sizes = new TreeMap<>();
    for (Layout.Dimension side : layout.sides().stream().filter(wanted).toList()) {
      int of = layout.of(size, side.name());
      switch (card.sizeField(side)) {
        case Layout.WIDTH ->
            filled =
                filled.withSource(
                    SourceChoice.fillDefaults(
                        filled.source().withSize(new Size(size.width(), size.height()))));
        case ModelArguments.SECONDS -> arguments.put(ModelArguments.SECONDS, seconds(of));
        case ModelArguments.FRAMES -> arguments.put(ModelArguments.FRAMES, of);
        case ModelArguments.SIZES -> sizes.put(side.name(), of);
        default -> {}
      }
    }
    if (!sizes.isEmpty()) {
      arguments.put(ModelArguments.SIZES, sizes);
    }
    return filled.withArguments(filled.arguments().withDefaults(arguments));
  }

  /** Returns the length in seconds for which rounding down gives exactly these samples. */
  private double seconds(int samples) {
    double seconds = (double) samples / card.medium().rate();
    return Math.floor(seconds * card.medium().rate()) < samples ? Math.nextUp(seconds) : seconds;
  }
}
