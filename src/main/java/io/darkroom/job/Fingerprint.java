package io.darkroom.job;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that the pixels of a stage depend on besides the request: in the {@code exact} tier,
 * equal fingerprints and equal requests must give equal pixels.
 *
 * @param planSha256 digest of the plan, see {@code plan.PlanDigest}: it differs if a default or a
 *     schedule changed; empty if an earlier version did not record it, or if nothing was planned
 * @param packageSha256 digest of the model package
 * @param components digest per component, by folder name
 * @param schedulerSha256 digest of the package's scheduler configuration
 * @param generator the random number generator, e.g. {@code torch_cpu}
 * @param device the device of the render
 * @param workerVersion version of Darkroom
 */
public record Fingerprint(
    Optional<String> planSha256,
    String packageSha256,
    Map<String, String> components,
    String schedulerSha256,
    String generator,
    Device device,
    String workerVersion) {

  public Fingerprint {
    components = Map.copyOf(components);
  }

  /** Returns this fingerprint with another plan. */
  public Fingerprint withPlan(Optional<String> sha256) {
    return new Fingerprint(
        sha256, packageSha256, components, schedulerSha256, generator, device, workerVersion);
  }

  /** Returns whether pixels depend only on the request and this fingerprint. */
  public boolean exact() {
    return device.tier().equals(Tier.EXACT.wire());
  }

  /**
   * The device and its settings.
   *
   * @param onnxruntimeVersion release of ONNX Runtime
   * @param provider execution provider, e.g. {@code cpu}
   * @param options options of the provider and the session
   * @param name name of the device; the instruction set for a CPU
   * @param computeCapability compute capability of a GPU; empty for a CPU
   * @param threads intra-operator threads
   * @param precision element type of the networks' inputs and outputs, e.g. {@code float32}
   * @param optimizationLevel optimization level of the graph
   * @param tier determinism tier: exact, repeatable or fast
   * @param rowsPerCall minimum and maximum rows of a call, e.g. {@code 1-8}
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

    /** Returns this device with a further option. */
    public Device with(String option, String value) {
      Map<String, String> more = new HashMap<>(options);
      more.put(option, value);
      return new Device(
          onnxruntimeVersion,
          provider,
          more,
          name,
          computeCapability,
          threads,
          precision,
          optimizationLevel,
          tier,
          rowsPerCall);
    }

    /** Returns this device with the precision and the rows per call of another one. */
    public Device withNetworksOf(Device other) {
      return new Device(
          onnxruntimeVersion,
          provider,
          options,
          name,
          computeCapability,
          threads,
          other.precision,
          optimizationLevel,
          tier,
          other.rowsPerCall);
    }
  }
}
