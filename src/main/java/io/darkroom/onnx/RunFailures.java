package io.darkroom.onnx;

import ai.onnxruntime.OrtException;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.DeviceFailure.Kind;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The failure that stands for a run or a loading that ONNX Runtime did not do. The runtime's codes
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

  private static final Pattern OPERATOR = Pattern.compile("while running (\\w+) node");

  private RunFailures() {}

  static DeviceFailure of(OrtException e) {
    String message = line(e);
    Kind kind = kind(e.getCode(), message.toLowerCase(Locale.ROOT));
    return new DeviceFailure(kind, kind == Kind.LOST ? message : reason(kind, message), e);
  }

  /** The runtime's message, where the runtime did not do the run. */
  static String details(DeviceFailure failure) {
    return failure.getCause() instanceof OrtException e
        ? line(e)
        : String.valueOf(failure.getMessage());
  }

  /** The operator alone, for publishers: the rest is about the runtime's sources. */
  private static String reason(Kind kind, String message) {
    Matcher operator = OPERATOR.matcher(message);
    if (!operator.find()) {
      return "the worker's log has the details";
    }
    return kind == Kind.REFUSED
        ? "its operator " + operator.group(1) + " does not take them"
        : "its operator " + operator.group(1) + " gets none";
  }

  private static String line(OrtException e) {
    return LINES.matcher(String.valueOf(e.getMessage())).replaceAll(" ").strip();
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
