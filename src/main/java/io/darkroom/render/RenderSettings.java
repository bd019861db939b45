package io.darkroom.render;

import java.util.Set;

/**
 * Settings of the pipeline.
 *
 * @param defaultPrefix where results go unless a request says otherwise; its key ends in a slash
 * @param outputBuckets buckets that requests may send results to
 * @param inputBuckets buckets that requests may read pictures from
 * @param maxInputBytes of one picture's file
 * @param maxInputPixels of one picture
 * @param pngLevel compression of PNG files, 0 to 9
 * @param maxCheckpointBytes of one request that a stopping worker leaves; 0 = it leaves none
 * @param retries of a store that fails after a render
 * @param workerVersion of this program, for the fingerprint
 */
public record RenderSettings(
    ObjectUri defaultPrefix,
    Set<String> outputBuckets,
    Set<String> inputBuckets,
    long maxInputBytes,
    long maxInputPixels,
    int pngLevel,
    long maxCheckpointBytes,
    RetryPolicy retries,
    String workerVersion) {

  public RenderSettings {
    outputBuckets = Set.copyOf(outputBuckets);
    inputBuckets = Set.copyOf(inputBuckets);
    if (!defaultPrefix.isPrefix()) {
      throw new IllegalArgumentException("output prefix: must end in a slash, is " + defaultPrefix);
    }
  }
}
