package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.model.ModelCard;
import java.util.List;

/**
 * Checks whether a network uses a timestep per row: two rows with different timesteps must give the
 * same outputs together as alone.
 */
final class TimestepSharingCheck {
  /** Far above rounding differences of batch sizes, far below the effect of a timestep. */
  private static final double TOLERANCE = 1e-3;

  /** The tolerance for float16 inputs, whose mantissa has 11 bits. */
  private static final double TOLERANCE_OF_HALVES = 2e-2;

  private TimestepSharingCheck() {}

  /**
   * @param together runs two rows with a timestep each
   * @param alone runs one row with one timestep
   * @throws DeviceFailure if the device is lost or has no memory, which is not a property of the
   *     graph
   */
  static boolean passes(
      Denoiser together, Denoiser alone, ModelCard card, DenoiserSignature signature) {
    for (double span : TestInputs.spans(signature)) {
      if (passes(together, alone, TestInputs.of(card, signature, 2, span), tolerance(signature))) {
        return true;
      }
    }
    return false;
  }

  private static double tolerance(DenoiserSignature signature) {
    return signature.precision().equals("float16") ? TOLERANCE_OF_HALVES : TOLERANCE;
  }

  private static boolean passes(
      Denoiser together, Denoiser alone, TestInputs inputs, double tolerance) {
    try {
      List<float[]> both = inputs.run(together, 0, 1);
      return difference(both.get(0), inputs.run(alone, 0).get(0)) <= tolerance
          && difference(both.get(1), inputs.run(alone, 1).get(0)) <= tolerance;
    } catch (DeviceFailure e) {
      if (e.kind() != DeviceFailure.Kind.REFUSED) {
        throw e;
      }
      // The graph does not support a vector, which this trial is meant to find out.
      return false;
    }
  }

  /**
   * Returns the largest difference between two outputs as a share of the largest value, or of 1 if
   * that is more; NaN if one has NaN.
   */
  static double difference(float[] a, float[] b) {
    double most = 0;
    double scale = 1;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs((double) a[i] - b[i]));
      scale = Math.max(scale, Math.abs(b[i]));
    }
    return most / scale;
  }
}
