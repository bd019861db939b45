package io.darkroom.plan;

/**
 * What was measured of a package when it was loaded, as far as planning needs it.
 *
 * @param nanosPerElement of the device for one row, by the elements of its sample; 0 where nothing
 *     was measured
 */
public record Facts(double nanosPerElement) {
  /** Nothing was measured. */
  public static final Facts NONE = new Facts(0);

  public Facts {
    if (!(nanosPerElement >= 0)) {
      throw new IllegalArgumentException(
          "nanosPerElement: must be 0 or more, is " + nanosPerElement);
    }
  }

  /** Seconds of the device for one row of such a sample, in proportion to its elements. */
  double secondsPerRow(Shape sample) {
    return nanosPerElement * sample.size() / 1e9;
  }
}
