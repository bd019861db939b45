package io.darkroom.onnx;

import io.darkroom.job.Fingerprint;

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
}
