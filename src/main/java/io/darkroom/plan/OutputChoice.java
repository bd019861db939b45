package io.darkroom.plan;

import io.darkroom.job.Output;
import io.darkroom.job.Violations;
import io.darkroom.model.ModelCard;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The format of a request's results. */
final class OutputChoice {
  private static final Set<Output.Format> WRITABLE =
      Set.of(Output.Format.PNG, Output.Format.JPEG, Output.Format.NPY);

  /** Channels that picture files have: grey, or red, green and blue. */
  private static final Set<Integer> COLORS = Set.of(1, 3);

  private static final int JPEG_QUALITY = 90;

  private OutputChoice() {}

  static Output of(Output asked, ModelCard card, Violations violations) {
    Output.Format format = asked.format().orElse(Output.Format.PNG);
    violations.check(
        WRITABLE.contains(format),
        "/output/format",
        "must be png, jpeg or npy for this worker, is " + format.wire());
    int channels = card.pictureChannels();
    violations.check(
        format == Output.Format.NPY || COLORS.contains(channels),
        "/output/format",
        "must be npy for %s, whose pictures have %d channels, is %s"
            .formatted(card.name(), channels, format.wire()));
    violations.check(
        !asked.keepIntermediate(), "/output/keep_intermediate", "is not supported by this worker");
    boolean lossy = format == Output.Format.JPEG;
    violations.check(
        lossy || asked.quality().isEmpty(), "/output/quality", "is only for lossy formats");
    return new Output(
        asked.prefix(),
        Optional.of(format),
        lossy ? OptionalInt.of(asked.quality().orElse(JPEG_QUALITY)) : asked.quality(),
        asked.keepIntermediate());
  }
}
