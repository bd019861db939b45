package io.darkroom.plan;

/**
 * Limits of one request.
 *
 * @param maxPixels pixels of one result picture
 * @param maxSteps inference steps
 * @param maxImages pictures
 * @param maxWork evaluations times result pixels
 * @param maxDeviceSeconds predicted seconds of device time, from the measured time of a row
 * @param maxHeapBytes bytes of the Java heap: one running image, all finished pictures and the
 *     start picture
 */
public record Limits(
    long maxPixels,
    int maxSteps,
    int maxImages,
    long maxWork,
    long maxDeviceSeconds,
    long maxHeapBytes) {

  /** Creates limits without limits for device time and heap. */
  public Limits(long maxPixels, int maxSteps, int maxImages, long maxWork) {
    this(maxPixels, maxSteps, maxImages, maxWork, Long.MAX_VALUE, Long.MAX_VALUE);
  }
}
