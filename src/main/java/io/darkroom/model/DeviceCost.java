package io.darkroom.model;

/**
 * Device time of a package's network as measured at load, for planning.
 *
 * @param nanosPerElement device time of one row per element of its sample; 0 if not measured
 */
public record DeviceCost(double nanosPerElement) {
  /** Not measured. */
  public static final DeviceCost NONE = new DeviceCost(0);

  public DeviceCost {
    if (!(nanosPerElement >= 0)) {
      throw new IllegalArgumentException(
          "nanosPerElement: must be 0 or more, is " + nanosPerElement);
    }
  }

  /** Returns the device time of one row with such a sample, proportional to its elements. */
  public double secondsPerRow(Shape sample) {
    return nanosPerElement * sample.size() / 1e9;
  }
}
