package io.darkroom.plan;

/**
 * Bounds on what one request may ask of a worker.
 *
 * @param maxPixels of one result picture
 * @param maxSteps inference steps
 * @param maxImages pictures of one request
 * @param maxWork evaluations times result pixels of one request
 */
public record Limits(long maxPixels, int maxSteps, int maxImages, long maxWork) {}
