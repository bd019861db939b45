package io.darkroom.render;

import io.darkroom.image.Bilinear;
import io.darkroom.image.Carried;
import io.darkroom.image.IccProfile;
import io.darkroom.image.Medium;
import io.darkroom.image.OutputFormat;
import io.darkroom.image.Pixels;
import io.darkroom.image.SampleRange;
import io.darkroom.model.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a result takes from the picture that it enlarges, besides what the network made of it.
 *
 * @param opacity a grey picture of the size of the request's picture; empty if it is opaque
 * @param profile its colour profile
 * @param range the range of its samples, if the network received them in [-1, 1] of that range
 */
record SourceDetails(
    Optional<Pixels> opacity, Optional<IccProfile> profile, Optional<SampleRange> range) {
  /** Nothing. */
  static final SourceDetails NOTHING =
      new SourceDetails(Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * Returns what a file of a format holds.
   *
   * @param shape {@code [C, H, W]} of the result; its opacity needs a whole multiple of the picture
   */
  Carried carried(OutputFormat format, Medium medium, Shape shape) {
    Optional<Pixels> enlarged =
        opacity
            .filter(each -> isCarried(each, format, medium, shape))
            .map(each -> enlarged(each, shape));
    Optional<IccProfile> kept =
        profile.filter(each -> format.holdsProfile() && each.fits(shape.channels()));
    return new Carried(enlarged, kept);
  }

  private static boolean isCarried(
      Pixels opacity, OutputFormat format, Medium medium, Shape shape) {
    int factor = shape.width() / opacity.width();
    return format.holdsOpacity(medium)
        && shape.width() == factor * opacity.width()
        && shape.height() == factor * opacity.height();
  }

  private static Pixels enlarged(Pixels opacity, Shape shape) {
    int factor = shape.width() / opacity.width();
    float[] large =
        Bilinear.enlarge(opacity.toTensor(), 1, opacity.height(), opacity.width(), factor);
    return Pixels.ofTensor(large, 1, shape.height(), shape.width());
  }

  /**
   * Returns what the publisher should know, as warnings.
   *
   * @param pointer pointer to the picture in the request
   * @param shape {@code [C, H, W]} of the result
   */
  List<String> warnings(String pointer, OutputFormat format, Medium medium, Shape shape) {
    List<String> warnings = new ArrayList<>();
    if (opacity.isPresent() && !isCarried(opacity.get(), format, medium, shape)) {
      warnings.add(
          pointer
              + ": its transparent parts are blended with white, because "
              + format.name()
              + " files of these results have no opacity");
    }
    profile.ifPresent(
        each ->
            warnings.add(pointer + ": its colour profile " + fate(each, format, shape.channels())));
    return warnings;
  }

  private static String fate(IccProfile profile, OutputFormat format, int channels) {
    if (!format.holdsProfile()) {
      return "is left out, because " + format.name() + " files have none";
    }
    return profile.fits(channels)
        ? "is kept in the results, whose colours are not converted"
        : "is left out, because it is damaged, larger than 1 MiB, or not for results with "
            + channels
            + " channels";
  }
}
