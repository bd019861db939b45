package io.darkroom.replay;

import io.darkroom.image.Pixels;
import java.util.Locale;
import java.util.Map;

/**
 * The difference of two pictures with the same size and channels.
 *
 * @param psnr peak signal-to-noise ratio in dB, {@code 10 log10(255^2 / MSE)}; infinite if equal
 * @param largest the largest difference of two samples, 0 to 255
 * @param changed the share of samples that differ, 0 to 1
 */
public record PictureDifference(double psnr, double largest, double changed) implements Measure {
  private static final double PEAK = 255;

  /**
   * Compares all samples.
   *
   * @throws IllegalArgumentException if the pictures have different sizes or channels
   */
  public static PictureDifference between(Pixels first, Pixels second) {
    byte[] a = first.toBytes();
    byte[] b = second.toBytes();
    if (first.width() != second.width() || a.length != b.length) {
      throw new IllegalArgumentException(
          "images must have one size, have %d x %d and %d x %d"
              .formatted(first.width(), first.height(), second.width(), second.height()));
    }
    NumberDifference samples = NumberDifference.of(a.length, i -> (a[i] & 0xff) - (b[i] & 0xff));
    double psnr = 20 * Math.log10(PEAK / samples.rms());
    return new PictureDifference(psnr, samples.largest(), samples.changed());
  }

  /** Returns the difference as text. Files that differ can have equal pixels. */
  @Override
  public String text() {
    if (largest == 0) {
      return "no difference after decoding";
    }
    return String.format(
        Locale.ROOT,
        "PSNR %.1f dB, largest difference %.0f of 255, %s of the samples changed",
        psnr,
        largest,
        changedText());
  }

  /** {@inheritDoc} The PSNR of equal pictures is infinite and left out. */
  @Override
  public Map<String, Object> tree() {
    Map<String, Object> tree = Measure.super.tree();
    if (Double.isFinite(psnr)) {
      tree.put("psnr_db", psnr);
    }
    return tree;
  }
}
