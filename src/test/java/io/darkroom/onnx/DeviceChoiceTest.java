package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DeviceChoiceTest {

  @Test
  void theProcessorIsTakenWhereItIsAskedForOrNoGpuComputes() {
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
  void optionsHaveTheRuntimesNamesAndThoseGivenByNameStandAboveTheOthers() {
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
  void convolutionsThatAreChosenByMeasuringAreNotExact() {
    Provider measuring =
        new CudaOptions(
                0,
                OptionalLong.empty(),
                Optional.empty(),
                CudaOptions.Search.EXHAUSTIVE,
                false,
                Map.of())
            .provider();

    assertThatThrownBy(() -> new NetworkSettings(1, 8, NetworkSettings.Tier.EXACT, measuring))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("convolution search: must not be exhaustive in the exact tier");
    assertThat(new NetworkSettings(1, 8, NetworkSettings.Tier.FAST, measuring).provider())
        .isEqualTo(measuring);
  }

  @Test
  void choicesHaveNames() {
    assertThat(DeviceChoice.of("auto")).isEqualTo(DeviceChoice.AUTO);
    assertThatThrownBy(() -> DeviceChoice.of("tpu"))
        .hasMessage("device: must be auto, cuda or cpu, is tpu");
  }

  @Test
  void aCardIsWhatItsDriverSays() {
    assertThat(CudaDevice.Card.of("NVIDIA H100 80GB HBM3, 9.0, 580.65.06\n"))
        .isEqualTo(new CudaDevice.Card("NVIDIA H100 80GB HBM3", "9.0", "580.65.06"));
    assertThat(CudaDevice.Card.of("No devices were found")).isEqualTo(CudaDevice.Card.UNKNOWN);
  }
}
