package io.darkroom.onnx;

import ai.onnxruntime.OrtException;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.DeviceFailure.Kind;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What the engine is told of a run or a loading that ONNX Runtime did not do. The runtime's codes
 * alone do not say it: a shape that an operator does not take and a device that is gone both come
 * as a plain failure, so the words of the device's libraries decide.
 */
final class RunFailures {
  private static final Pattern MEMORY =
      Pattern.compile(
          "out of memory|bad_alloc|failed to allocate memory|bfcarena::allocate"
              + "|status_alloc_failed|status_internal_error_(host|device)_allocation_failed");

  /** As in "CUDA failure 719: unspecified launch failure" and "CUDNN_FE failure 11". */
  private static final Pattern DEVICE =
      Pattern.compile(
          "(cuda|cudnn|cudnn_fe|cublas|cublaslt|cufft|curand|nccl|tensorrt)[ _](failure|error)"
              + "|cudaerror|device (is )?lost|device reset");

  private static final Pattern LINES = Pattern.compile("\\s+");

  private RunFailures() {}

  static DeviceFailure of(OrtException e) {
    String message = LINES.matcher(String.valueOf(e.getMessage())).replaceAll(" ").strip();
    return new DeviceFailure(kind(e.getCode(), message.toLowerCase(Locale.ROOT)), message, e);
  }

  private static Kind kind(OrtException.OrtErrorCode code, String message) {
    if (MEMORY.matcher(message).find()) {
      return Kind.OUT_OF_MEMORY;
    }
    if (DEVICE.matcher(message).find()) {
      return Kind.LOST;
    }
    return switch (code) {
      case ORT_FAIL,
          ORT_INVALID_ARGUMENT,
          ORT_RUNTIME_EXCEPTION,
          ORT_NOT_IMPLEMENTED,
          ORT_INVALID_GRAPH,
          ORT_INVALID_PROTOBUF,
          ORT_NO_SUCHFILE,
          ORT_NO_MODEL ->
          Kind.REFUSED;
      default -> Kind.LOST;
    };
  }
}
