package io.darkroom.plan;

/**
 * Bounds on what one request may ask of a worker.
 *
 * @param maxPixels of one result picture
 * @param maxSteps inference steps
 * @param maxImages pictures of one request
 * @param maxWork evaluations times result pixels of one request
 * @param maxPictureBytes of the Java heap for all pictures of one request, finished and not stored
 *     yet, with the one that it begins with
 */
public record Limits(
    long maxPixels, int maxSteps, int maxImages, long maxWork, long maxPictureBytes) {

  /** Bounds of a worker whose heap holds whatever the others allow. */
  public Limits(long maxPixels, int maxSteps, int maxImages, long maxWork) {
    this(maxPixels, maxSteps, maxImages, maxWork, Long.MAX_VALUE);
  }
}
