package io.darkroom.plan;

import io.darkroom.image.OutputFormat;
import io.darkroom.image.OutputFormats;
import io.darkroom.job.Output;
import io.darkroom.job.Violations;
import io.darkroom.model.ModelCard;
import java.util.Optional;
import java.util.OptionalInt;

/** The format of a request's results. */
final class OutputChoice {
  private static final String STANDARD = "png";

  private OutputChoice() {}

  static Output of(Output asked, ModelCard card, Violations violations) {
    violations.check(
        !asked.keepIntermediate(), "/output/keep_intermediate", "is not supported by this worker");
    String name = asked.format().orElse(STANDARD);
    Optional<OutputFormat> format = OutputFormats.find(name);
    if (format.isEmpty()) {
      String rule = "must be " + OutputFormats.names(any -> true) + " for this worker, is " + name;
      violations.add("/output/format", rule);
      return asked;
    }
    return checked(asked, format.get(), card, violations);
  }

  private static Output checked(
      Output asked, OutputFormat format, ModelCard card, Violations violations) {
    int channels = card.pictureChannels();
    violations.check(
        format.holds(channels),
        "/output/format",
        "must be %s for %s, whose pictures have %d channels, is %s"
            .formatted(
                OutputFormats.names(each -> each.holds(channels)),
                card.name(),
                channels,
                format.name()));
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
