package io.darkroom.model;

/**
 * What was measured of a package when it was loaded, as far as planning needs it.
 *
 * @param nanosPerElement of the device for one row, by the elements of its sample; 0 where nothing
 *     was measured
 */
public record DeviceCost(double nanosPerElement) {
  /** Nothing was measured. */
  public static final DeviceCost NONE = new DeviceCost(0);

  public DeviceCost {
    if (!(nanosPerElement >= 0)) {
      throw new IllegalArgumentException(
          "nanosPerElement: must be 0 or more, is " + nanosPerElement);
    }
  }

  /** Seconds of the device for one row of such a sample, in proportion to its elements. */
  public double secondsPerRow(Shape sample) {
    return nanosPerElement * sample.size() / 1e9;
  }
}
