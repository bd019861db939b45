package io.darkroom.plan;

/**
 * Bounds on what one request may ask of a worker.
 *
 * @param maxPixels of one result picture
 * @param maxSteps inference steps
 * @param maxImages pictures of one request
 * @param maxWork evaluations times result pixels of one request
 * @param maxDeviceSeconds of one request, as the package's measured rows predict them
 * @param maxHeapBytes of the Java heap for one request: an image under way and all its finished
 *     pictures, with the one that it begins with
 */
public record Limits(
    long maxPixels,
    int maxSteps,
    int maxImages,
    long maxWork,
    long maxDeviceSeconds,
    long maxHeapBytes) {

  /** Bounds of a worker whose device and heap bear whatever the others allow. */
  public Limits(long maxPixels, int maxSteps, int maxImages, long maxWork) {
    this(maxPixels, maxSteps, maxImages, maxWork, Long.MAX_VALUE, Long.MAX_VALUE);
  }
}
