package io.darkroom.image;

import java.util.Optional;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;

/**
 * Collects a decoder's warnings. The file contains only what the pixels need, so a warning means
 * that pixels are missing or wrong.
 */
final class Warnings implements IIOReadWarningListener {
  private Optional<String> first = Optional.empty();

  @Override
  public void warningOccurred(ImageReader source, String warning) {
    if (first.isEmpty()) {
      first = Optional.of(warning);
    }
  }

  /** Returns the first warning. */
  Optional<String> first() {
    return first;
  }
}
