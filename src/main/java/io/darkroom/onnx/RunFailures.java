package io.darkroom.onnx;

import ai.onnxruntime.OrtException;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.DeviceFailure.Kind;
import io.darkroom.text.Printable;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Classifies failures of ONNX Runtime when it runs or loads a network. The runtime's error codes
 * are not sufficient: an unsupported shape and a lost device are both reported as a general
 * failure, so the messages of the device's libraries are used.
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

  private static final Pattern OPERATOR = Pattern.compile("while running (\\w+) node");

  private RunFailures() {}

  static DeviceFailure of(OrtException e) {
    String message = line(e);
    Kind kind = kind(e.getCode(), message.toLowerCase(Locale.ROOT));
    return new DeviceFailure(kind, kind == Kind.LOST ? message : reason(kind, message), e);
  }

  /** Returns the runtime's message, if the runtime reported the failure. */
  static String details(DeviceFailure failure) {
    return failure.getCause() instanceof OrtException e
        ? line(e)
        : String.valueOf(failure.getMessage());
  }

  /**
   * Returns only the operator, for publishers; the rest of the message is about the runtime's
   * sources.
   */
  private static String reason(Kind kind, String message) {
    Matcher operator = OPERATOR.matcher(message);
    if (!operator.find()) {
      return "the worker's log has the details";
    }
    return kind == Kind.REFUSED
        ? "the operator " + operator.group(1) + " does not accept them"
        : "the operator " + operator.group(1) + " needs more";
  }

  private static String line(OrtException e) {
    return Printable.collapsed(String.valueOf(e.getMessage()));
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
