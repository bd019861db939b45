package io.darkroom.app;

import io.darkroom.engine.ImageBytes;
import java.util.Locale;
import java.util.Optional;

/** Whether the heap holds the images that the limits allow. */
final class HeapCheck {

  private HeapCheck() {}

  /**
   * What does not fit, and what follows; empty where all does.
   *
   * @param pixels of the largest image
   * @param slots images at once
   * @param bytes of the heap for images
   */
  static Optional<String> problem(long pixels, int slots, long bytes) {
    long each = ImageBytes.most(pixels);
    if (each > bytes) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "darkroom.limits.pixels: an image of %d takes up to %.0f MB, darkroom.memory.images"
                  + " leaves %.0f MB: give the process more heap, or allow fewer pixels",
              pixels,
              each / 1e6,
              bytes / 1e6));
    }
    return each > bytes / slots
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "darkroom.engine.slots: %d of the largest images take up to %.0f MB,"
                    + " darkroom.memory.images leaves %.0f MB: no more than %d will be under way",
                slots,
                (double) each * slots / 1e6,
                bytes / 1e6,
                bytes / each))
        : Optional.empty();
  }
}
