package io.darkroom.onnx;

import io.darkroom.job.Fingerprint;
import io.darkroom.model.BrokenPackage;

/** Describes the device that computes the networks, for a fingerprint. */
public final class DeviceDescription {
  private DeviceDescription() {}

  /**
   * Returns the device with its settings. Blocks while the driver of a GPU is asked.
   *
   * @param rows minimum and maximum rows of a call, e.g. {@code 1-8}
   * @param precision element type of the networks' inputs and outputs, e.g. {@code float32}
   */
  public static Fingerprint.Device of(NetworkSettings settings, String rows, String precision) {
    return settings.provider() instanceof Provider.Cuda cuda
        ? CudaDevice.of(cuda, settings, rows, precision)
        : CpuDevice.of(settings, rows, precision);
  }

  /**
   * Returns a device for a package that is not opened. Fusion is assumed to pass its trial.
   *
   * @param device the device without the package
   */
  public static Fingerprint.Device of(
      Fingerprint.Device device, NetworkSettings settings, ModelPackage pack) {
    if (!settings.fuse()) {
      return device;
    }
    try {
      OnnxGraph exported = NetworkReader.graph(pack.folder());
      return exported.withFusedAttention() == exported ? device : fused(device);
    } catch (BrokenPackage unreadable) {
      return device;
    }
  }

  /** Returns the device of a network whose attention is fused. */
  static Fingerprint.Device fused(Fingerprint.Device device) {
    return device.with("fused", "attention");
  }
}
