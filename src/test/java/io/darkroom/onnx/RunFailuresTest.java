package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.DeviceFailure.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunFailuresTest {

  @ParameterizedTest
  @CsvSource({
    "ORT_RUNTIME_EXCEPTION, std::bad_alloc",
    "ORT_FAIL, CUDA failure 2: out of memory ; GPU=0",
    "ORT_FAIL, CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0",
    "ORT_FAIL, CUDNN failure 4: CUDNN_STATUS_ALLOC_FAILED ; GPU=0",
    "ORT_FAIL, CUDNN failure 4004: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED ; GPU=0",
    "ORT_FAIL, CUDNN failure 4003: CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED ; GPU=0",
    "ORT_RUNTIME_EXCEPTION, BFCArena::AllocateRawInternal Failed to allocate memory for 4096 bytes"
  })
  void memoryThatRanOut(OrtErrorCode code, String message) {
    assertThat(kind(code, message)).isEqualTo(Kind.OUT_OF_MEMORY);
  }

  @ParameterizedTest
  @CsvSource({
    "ORT_FAIL, CUDA failure 719: unspecified launch failure ; GPU=0",
    "ORT_FAIL, CUDNN_FE failure 11: CUDNN_BACKEND_API_FAILED",
    "ORT_RUNTIME_EXCEPTION, CUBLAS failure 13: CUBLAS_STATUS_EXECUTION_FAILED",
    "ORT_FAIL, CUDA error cudaErrorIllegalAddress:an illegal memory access was encountered",
    "ORT_ENGINE_ERROR, the engine failed",
    "ORT_EP_FAIL, the provider failed",
    "ORT_DEVICE_RESET, reset",
    "ORT_JAVA_UNKNOWN, nobody knows"
  })
  void aLostDevice(OrtErrorCode code, String message) {
    assertThat(kind(code, message)).isEqualTo(Kind.LOST);
  }

  @ParameterizedTest
  @CsvSource({
    "ORT_INVALID_ARGUMENT, Got invalid dimensions for input: sample",
    "ORT_FAIL, 'Non-zero status code returned while running Gather node: indices out of bounds'",
    "ORT_RUNTIME_EXCEPTION, /core/providers/cuda/math/binary.cc broadcast an axis: 8 by 16",
    "ORT_NOT_IMPLEMENTED, Could not find an implementation",
    "ORT_INVALID_GRAPH, This is an invalid model",
    "ORT_INVALID_PROTOBUF, Protobuf parsing failed.",
    "ORT_NO_SUCHFILE, File doesn't exist"
  })
  void inputsThatTheGraphDoesNotTake(OrtErrorCode code, String message) {
    assertThat(kind(code, message)).isEqualTo(Kind.REFUSED);
  }

  @Test
  void publishersSeeOnlyTheOperator() {
    String text =
        "Non-zero status code returned while running Reshape node. Name:'/up/Reshape' Status"
            + " Message: /onnxruntime_src/core/reshape_helper.h:47 was false.";
    DeviceFailure refused = RunFailures.of(new OrtException(OrtErrorCode.ORT_FAIL, text));
    assertThat(refused).hasMessage("the operator Reshape does not accept them");
    assertThat(RunFailures.details(refused)).contains("reshape_helper.h:47");
    DeviceFailure full =
        RunFailures.of(
            new OrtException(OrtErrorCode.ORT_FAIL, text + " Failed to allocate memory"));
    assertThat(full).hasMessage("the operator Reshape needs more");
    assertThat(RunFailures.of(new OrtException(OrtErrorCode.ORT_FAIL, "std::exception at 0x7f")))
        .hasMessage("the worker's log has the details");
  }

  private static Kind kind(OrtErrorCode code, String message) {
    return RunFailures.of(new OrtException(code, message)).kind();
  }
}
