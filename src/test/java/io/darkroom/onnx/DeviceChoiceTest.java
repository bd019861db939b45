package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.job.Tier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceChoiceTest {

  @Test
  void theCpuIsUsedOnRequestOrWithoutAUsableGpu() {
    assertThat(DeviceChoice.CPU.resolve(CudaOptions.DEFAULT)).isEqualTo(Provider.CPU);
    CudaOptions nowhere =
        new CudaOptions(
            99,
            OptionalLong.empty(),
            Optional.empty(),
            CudaOptions.Search.HEURISTIC,
            false,
            Map.of());
    assertThat(DeviceChoice.AUTO.resolve(nowhere)).isEqualTo(Provider.CPU);
    assertThatThrownBy(() -> DeviceChoice.CUDA.resolve(nowhere))
        .isInstanceOf(UnusableDevice.class)
        .hasMessageStartingWith("device: cuda cannot be used: ");
  }

  @Test
  void optionsHaveTheRuntimesNamesAndNamedOptionsTakePrecedence() {
    CudaOptions options =
        new CudaOptions(
            1,
            OptionalLong.of(1L << 33),
            Optional.of(CudaOptions.Arena.AS_REQUESTED),
            CudaOptions.Search.DEFAULT,
            true,
            Map.of("use_tf32", "0", "prefer_nhwc", "1"));

    assertThat(options.provider())
        .isEqualTo(
            new Provider.Cuda(
                1,
                Map.of(
                    "gpu_mem_limit", "8589934592",
                    "arena_extend_strategy", "kSameAsRequested",
                    "cudnn_conv_algo_search", "DEFAULT",
                    "use_tf32", "0",
                    "prefer_nhwc", "1")));
    assertThat(CudaOptions.DEFAULT.provider().options())
        .isEqualTo(Map.of("cudnn_conv_algo_search", "HEURISTIC", "use_tf32", "0"));
  }

  @Test
  void convolutionAlgorithmsChosenByMeasurementAreNotExact() {
    Provider measuring =
        new CudaOptions(
                0,
                OptionalLong.empty(),
                Optional.empty(),
                CudaOptions.Search.EXHAUSTIVE,
                false,
                Map.of())
            .provider();

    assertThatThrownBy(() -> new NetworkSettings(1, 8, Tier.EXACT, measuring))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("convolution search: must not be exhaustive in the exact tier");
    assertThat(new NetworkSettings(1, 8, Tier.FAST, measuring).provider()).isEqualTo(measuring);
  }

  @Test
  void choicesHaveNames() {
    assertThat(DeviceChoice.of("auto")).isEqualTo(DeviceChoice.AUTO);
    assertThatThrownBy(() -> DeviceChoice.of("tpu"))
        .hasMessage("device: must be auto, cuda or cpu, is tpu");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "unset",
      value = {
        "0 | unset         | 0",
        "3 | unset         | 3",
        "0 | 2,5           | 2",
        "1 | 2, 5          | 5",
        "1 | GPU-8f1c,GPU-a| GPU-a",
        "2 | 2,5           | none",
        "0 | ''            | none",
        "0 | -1            | none",
        "1 | 3,-1,4        | none"
      })
  void theNumberOfAGpuRefersToTheVisibleGpus(int number, String visible, String id) {
    assertThat(CudaDevice.id(number, Optional.ofNullable(visible)).orElse("none")).isEqualTo(id);
  }

  @Test
  void aDriverThatHangsIsNotWaitedFor() {
    assertThat(CudaDevice.output(List.of("sleep", "100000"), 0)).isEmpty();
    assertThat(CudaDevice.output(List.of("no such program"), 60)).isEmpty();
    assertThat(CudaDevice.output(List.of("echo", "A, 9.0, 1"), 60)).contains("A, 9.0, 1\n");
  }

  @Test
  void aGpuIsDescribedByItsDriver() {
    assertThat(CudaDevice.Card.of("NVIDIA H100 80GB HBM3, 9.0, 580.65.06\n"))
        .isEqualTo(new CudaDevice.Card("NVIDIA H100 80GB HBM3", "9.0", "580.65.06"));
    assertThat(CudaDevice.Card.of("No devices were found")).isEqualTo(CudaDevice.Card.UNKNOWN);
  }
}
