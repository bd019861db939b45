package io.darkroom.app;

import io.darkroom.plan.HeapBytes;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks whether the heap is large enough for the images that the limits allow. */
final class HeapCheck {

  private HeapCheck() {}

  /** Returns the problem of a configuration; empty if the heap is large enough. */
  static Optional<String> problem(DarkroomConfig config) {
    DarkroomConfig.Limits limits = config.limits();
    long bytes = Configured.imageBytes(config);
    return problem(limits.pixels(), limits.images(), config.engine().slots(), bytes);
  }

  /**
   * Returns the limits for which the heap is too small, with the consequences; empty if there are
   * none.
   *
   * @param pixels pixels of the largest image
   * @param images images of one request
   * @param slots images that are denoised at the same time
   * @param bytes bytes of the heap for images
   */
  static Optional<String> problem(long pixels, int images, int slots, long bytes) {
    String problems =
        Stream.of(tooLarge(pixels, slots, bytes), tooMany(pixels, images, bytes))
            .flatMap(Optional::stream)
            .collect(Collectors.joining("; "));
    return Optional.of(problems).filter(message -> !message.isEmpty());
  }

  private static Optional<String> tooLarge(long pixels, int slots, long bytes) {
    long each = HeapBytes.most(pixels);
    if (each > bytes) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "darkroom.limits.pixels: an image of %d takes up to %.0f MB, darkroom.memory.images"
                  + " allows %.0f MB: increase the heap or lower this limit",
              pixels,
              each / 1e6,
              bytes / 1e6));
    }
    return each > bytes / slots
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "darkroom.engine.slots: %d of the largest images take up to %.0f MB,"
                    + " darkroom.memory.images allows %.0f MB: at most %d are denoised at the same"
                    + " time",
                slots,
                (double) each * slots / 1e6,
                bytes / 1e6,
                bytes / each))
        : Optional.empty();
  }

  private static Optional<String> tooMany(long pixels, int images, long bytes) {
    long each = HeapBytes.mostKept(pixels);
    return each > bytes / images
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "darkroom.limits.images: the outputs of a request with %d of the largest images"
                    + " take up to %.0f MB, darkroom.memory.images allows %.0f MB: requests of more"
                    + " than %d such images are rejected",
                images,
                (double) each * images / 1e6,
                bytes / 1e6,
                bytes / each))
        : Optional.empty();
  }
}
