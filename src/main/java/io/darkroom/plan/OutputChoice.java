package io.darkroom.plan;

import io.darkroom.image.OutputFormat;
import io.darkroom.image.OutputFormats;
import io.darkroom.job.Output;
import io.darkroom.job.Violations;
import io.darkroom.model.ModelCard;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Plans the format of a request's results. */
final class OutputChoice {
  private OutputChoice() {}

  static Output of(Output asked, List<ModelCard> cards, Violations violations) {
    String name = asked.format().orElse(cards.get(cards.size() - 1).medium().standardFormat());
    Optional<OutputFormat> format = OutputFormats.find(name);
    if (format.isEmpty()) {
      String rule = "must be " + OutputFormats.names(any -> true) + " for this worker, is " + name;
      violations.add("/output/format", rule);
      return asked;
    }
    int first = asked.keepIntermediate() ? 0 : cards.size() - 1;
    cards
        .subList(first, cards.size())
        .forEach(card -> checkChannels(format.get(), card, violations));
    return fillDefaults(asked, format.get(), violations);
  }

  private static void checkChannels(OutputFormat format, ModelCard card, Violations violations) {
    int channels = card.pictureChannels();
    violations.check(
        format.holds(card.medium(), channels),
        "/output/format",
        () ->
            "must be %s for %s, whose results have %d channels, is %s"
                .formatted(
                    OutputFormats.names(each -> each.holds(card.medium(), channels)),
                    card.name(),
                    channels,
                    format.name()));
  }

  private static Output fillDefaults(Output asked, OutputFormat format, Violations violations) {
    OptionalInt standard = format.standardQuality();
    violations.check(
        standard.isPresent() || asked.quality().isEmpty(),
        "/output/quality",
        "is only for lossy formats");
    OptionalInt quality = asked.quality().isPresent() ? asked.quality() : standard;
    return new Output(
        asked.prefix(), Optional.of(format.name()), quality, asked.keepIntermediate());
  }
}
