package io.darkroom.plan;

import io.darkroom.image.Medium;
import io.darkroom.image.OutputFormat;
import io.darkroom.image.OutputFormats;
import io.darkroom.job.Output;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Size;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.ModelCard;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Plans the format of a request's results. */
final class OutputChoice {
  private static final String FORMAT = "/output/format";

  private OutputChoice() {}

  static Output of(Output asked, List<ModelCard> cards, Violations violations) {
    ModelCard last = cards.get(cards.size() - 1);
    String name = asked.format().orElse(last.medium().standardFormat());
    Optional<OutputFormat> format = OutputFormats.find(name);
    if (format.isEmpty()) {
      String rule = "must be " + OutputFormats.names(any -> true) + " for this worker, is " + name;
      violations.add(FORMAT, rule);
      return asked;
    }
    int first = asked.keepIntermediate() ? 0 : cards.size() - 1;
    for (ModelCard card : cards.subList(first, cards.size())) {
      if (format.get().holds(card.medium(), card.pictureChannels())) {
        checkBits(asked, format.get(), card, restoresRange(cards, format.get()), violations);
      } else {
        violations.add(FORMAT, unfit(format.get(), card));
      }
    }
    return fillDefaults(asked, format.get(), last, violations);
  }

  /** Adds a violation if a picture is wider or higher than its format can hold. */
  static void checkSides(Output output, Size result, Violations violations) {
    OutputFormat format = output.format().flatMap(OutputFormats::find).orElseThrow();
    violations.check(
        Math.max(result.width(), result.height()) <= format.mostSide(),
        FORMAT,
        () ->
            "%s: width and height of the result must be at most %d, are %d and %d"
                .formatted(format.name(), format.mostSide(), result.width(), result.height()));
  }

  /**
   * Returns whether results can have 16 bits in the range of the picture that they enlarge: a grey
   * picture and a format with 16 bits.
   */
  private static boolean restoresRange(List<ModelCard> cards, OutputFormat format) {
    Medium deep = Medium.uint16(2);
    return cards.stream().allMatch(each -> each.enlarges() && each.medium().is(Medium.Kind.PICTURE))
        && cards.stream().allMatch(each -> format.holds(deep, each.pictureChannels()))
        && cards.get(0).pictureChannels() == 1
        && format.bits(deep).equals(List.of(Short.SIZE));
  }

  /** Returns whether a picture with 16 bits gives results with 16 bits in its own range. */
  static boolean restoresRange(RenderPlan plan) {
    Output output = plan.effective().output();
    OutputFormat format = output.format().flatMap(OutputFormats::find).orElseThrow();
    return !output.bits().equals(OptionalInt.of(Byte.SIZE))
        && restoresRange(plan.stages().stream().map(Stage::model).toList(), format);
  }

  /** Returns the plan with 16 bits if those of the picture determine it. */
  static RenderPlan withBits(RenderPlan plan, Map<String, InputFacts> inputs) {
    InputFacts image = inputs.get(StageRequest.IMAGE);
    boolean deep = image != null && image.bits() == Short.SIZE && restoresRange(plan);
    RenderRequest request = plan.effective();
    return deep
        ? plan.withEffective(request.withOutput(request.output().withBits(Short.SIZE)))
        : plan;
  }

  private static String unfit(OutputFormat format, ModelCard card) {
    int channels = card.pictureChannels();
    return "must be %s for %s, whose results have %d channels, is %s"
        .formatted(
            OutputFormats.names(each -> each.holds(card.medium(), channels)),
            card.name(),
            channels,
            format.name());
  }

  private static void checkBits(
      Output asked,
      OutputFormat format,
      ModelCard card,
      boolean restoresRange,
      Violations violations) {
    if (asked.bits().isEmpty()) {
      return;
    }
    int bits = asked.bits().getAsInt();
    violations.check(
        format.bits(card.medium()).contains(bits) || (restoresRange && bits == Short.SIZE),
        "/output/bits",
        () ->
            "must be those of %s for %s, is %d: the formats of the model are %s"
                .formatted(
                    format.name(),
                    card.name(),
                    bits,
                    OutputFormats.namesWithBits(card.medium(), card.pictureChannels())));
  }

  private static Output fillDefaults(
      Output asked, OutputFormat format, ModelCard card, Violations violations) {
    violations.check(
        format.takesQuality() || asked.quality().isEmpty(),
        "/output/quality",
        "is only for lossy formats");
    return new Output(
        asked.prefix(),
        Optional.of(format.name()),
        asked.quality().isPresent() ? asked.quality() : format.standardQuality(),
        asked.bits().isEmpty() && card.medium().is(Medium.Kind.UINT16)
            ? format.bits(card.medium()).stream().mapToInt(bits -> bits).findFirst()
            : asked.bits(),
        asked.keepIntermediate());
  }
}
