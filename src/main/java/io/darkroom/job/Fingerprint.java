package io.darkroom.job;

import java.util.Map;

/**
 * Everything that pixels depend on besides the request: equal fingerprints and equal requests must
 * give equal pixels in the {@code exact} tier.
 *
 * @param packageSha256 digest of the model package
 * @param components digest per component, by folder name
 * @param schedulerSha256 digest of the package's scheduler configuration
 * @param generator the random number generator, e.g. {@code torch_cpu}
 * @param device what computed it
 * @param workerVersion of this program
 */
public record Fingerprint(
    String packageSha256,
    Map<String, String> components,
    String schedulerSha256,
    String generator,
    Device device,
    String workerVersion) {

  public Fingerprint {
    components = Map.copyOf(components);
  }

  /** Whether pixels depend on the request and this fingerprint only. */
  public boolean exact() {
    return device.tier().equals(Tier.EXACT.wire());
  }

  /**
   * The device and how it was driven.
   *
   * @param onnxruntimeVersion release of ONNX Runtime
   * @param provider execution provider, e.g. {@code cpu}
   * @param options of the provider and the session
   * @param name of the device; on a CPU its instruction set
   * @param computeCapability of a GPU, empty on a CPU
   * @param threads intra-operator threads
   * @param precision of the networks' doors, e.g. {@code float32}
   * @param optimizationLevel of the graph
   * @param tier determinism tier: exact, repeatable or fast
   * @param rowsPerCall fewest and most rows a call has, e.g. {@code 1-8}
   */
  public record Device(
      String onnxruntimeVersion,
      String provider,
      Map<String, String> options,
      String name,
      String computeCapability,
      int threads,
      String precision,
      String optimizationLevel,
      String tier,
      String rowsPerCall) {

    public Device {
      options = Map.copyOf(options);
    }
  }
}
