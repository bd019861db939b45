package io.darkroom.image;

import java.util.Optional;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;

/**
 * What a decoder complained of while it went on: with nothing but pixels in the file, that pixels
 * are missing or wrong.
 */
final class Warnings implements IIOReadWarningListener {
  private Optional<String> first = Optional.empty();

  @Override
  public void warningOccurred(ImageReader source, String warning) {
    if (first.isEmpty()) {
      first = Optional.of(warning);
    }
  }

  /** The first complaint. */
  Optional<String> first() {
    return first;
  }
}
