package io.darkroom.plan;

/**
 * Limits of one request.
 *
 * @param maxPixels width times height of one result
 * @param maxSteps inference steps
 * @param maxImages pictures
 * @param maxWork evaluations times result pixels
 * @param maxDeviceSeconds predicted seconds of device time, from the measured time of a row
 * @param maxHeapBytes bytes of the Java heap: one running image, all finished pictures and the
 *     start picture
 * @param maxSamples samples of one sound, in each channel
 * @param maxFrames frames of one film
 * @param maxElements elements of one result that is neither a picture nor a sound, and of one input
 *     tensor
 */
public record Limits(
    long maxPixels,
    int maxSteps,
    int maxImages,
    long maxWork,
    long maxDeviceSeconds,
    long maxHeapBytes,
    long maxSamples,
    int maxFrames,
    long maxElements) {

  /** Creates limits without limits for device time and heap. */
  public Limits(long maxPixels, int maxSteps, int maxImages, long maxWork) {
    this(maxPixels, maxSteps, maxImages, maxWork, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** Creates limits where the pixels also limit samples, frames and elements. */
  public Limits(
      long maxPixels,
      int maxSteps,
      int maxImages,
      long maxWork,
      long maxDeviceSeconds,
      long maxHeapBytes) {
    this(
        maxPixels,
        maxSteps,
        maxImages,
        maxWork,
        maxDeviceSeconds,
        maxHeapBytes,
        maxPixels,
        (int) Math.min(Integer.MAX_VALUE, maxPixels),
        maxPixels);
  }

  /** Returns the maximum elements of a channel of any result. */
  long most() {
    return Math.max(maxPixels, Math.max(maxSamples, maxElements));
  }
}
