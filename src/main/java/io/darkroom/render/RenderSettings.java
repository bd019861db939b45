package io.darkroom.render;

import java.util.Map;
import java.util.Set;

/**
 * Settings of the pipeline.
 *
 * @param defaultPrefix prefix of the results of a request without a prefix; its key ends in a slash
 * @param outputBuckets buckets that requests may write results to
 * @param inputBuckets buckets that requests may read pictures from
 * @param maxInputBytes maximum bytes of an input picture's file
 * @param maxInputPixels maximum pixels of an input picture
 * @param pngLevel compression of PNG files, 0 to 9
 * @param maxCheckpointBytes maximum size of the checkpoint of one request; 0 disables checkpoints
 * @param retries policy for storing results while the store fails
 * @param signer signer of manifests
 * @param tenantWeights weights of tenants when slots are assigned, by name; 1 if not listed
 * @param workerVersion version of this program, for the fingerprint
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
    ManifestSigner signer,
    Map<String, Integer> tenantWeights,
    String workerVersion) {

  public RenderSettings {
    outputBuckets = Set.copyOf(outputBuckets);
    inputBuckets = Set.copyOf(inputBuckets);
    tenantWeights = Map.copyOf(tenantWeights);
    if (!defaultPrefix.isPrefix()) {
      throw new IllegalArgumentException("output prefix: must end in a slash, is " + defaultPrefix);
    }
  }
}
