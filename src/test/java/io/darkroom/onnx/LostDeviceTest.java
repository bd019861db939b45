package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import io.darkroom.engine.Denoiser;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.DeviceFailure.Kind;
import io.darkroom.model.Shape;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that a failure of the device does not count as a fault of the package that is being opened.
 */
class LostDeviceTest {

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"LOST", "OUT_OF_MEMORY"})
  void aTrialOnAFailingDeviceHasNoVerdictOnTimesteps(Kind kind, @TempDir Path folder)
      throws Exception {
    assertThatThrownBy(() -> trial(folder, new DeviceFailure(kind, "719", null)))
        .isInstanceOf(DeviceFailure.class)
        .hasMessage("719");
  }

  @Test
  void theTimestepTrialFailsIfTheGraphRefusesAVector(@TempDir Path folder) throws Exception {
    assertThat(trial(folder, DeviceFailure.refused("not a vector"))).isFalse();
  }

  @Test
  void onlyRefusalsAreErrorsOfAPackageThatWasOpenBefore() {
    assertThat(PackageOpener.broken("unet/model.onnx", DeviceFailure.refused("rows"), false))
        .hasMessage("unet/model.onnx: cannot be run: rows");
    for (Kind kind : new Kind[] {Kind.LOST, Kind.OUT_OF_MEMORY}) {
      DeviceFailure failure = new DeviceFailure(kind, "gone", null);
      assertThatThrownBy(() -> PackageOpener.broken("unet/model.onnx", failure, false))
          .isSameAs(failure);
    }
  }

  @Test
  void aPackageThatNeverFitIntoMemoryIsLeftOut() {
    assertThat(
            PackageOpener.broken(
                "unet/model.onnx", new DeviceFailure(Kind.OUT_OF_MEMORY, "4 GiB", null), true))
        .hasMessage("unet/model.onnx: cannot be run: 4 GiB");
    DeviceFailure lost = new DeviceFailure(Kind.LOST, "gone", null);
    assertThatThrownBy(() -> PackageOpener.broken("unet/model.onnx", lost, true)).isSameAs(lost);
  }

  @Test
  void aFileIsBrokenIfTheRuntimeRefusesItAndNotIfTheDeviceFails() {
    assertThat(Session.refusal("unet", new OrtException(OrtErrorCode.ORT_INVALID_GRAPH, "cycle")))
        .hasMessageContaining("unet: is refused by ONNX Runtime: ")
        .hasMessageContaining("cycle");
    String lost = "CUDA failure 719: unspecified launch failure ; GPU=0";
    assertThatThrownBy(() -> Session.refusal("unet", new OrtException(OrtErrorCode.ORT_FAIL, lost)))
        .isInstanceOfSatisfying(
            DeviceFailure.class, failure -> assertThat(failure.kind()).isEqualTo(Kind.LOST));
  }

  private static boolean trial(Path folder, DeviceFailure failure) throws Exception {
    TinyPackage.write(folder, TinyPackage.scaledByScalarTimestep());
    ModelPackage pack = PackageReader.read(folder);
    OnnxGraph graph = OnnxGraph.read(folder, "unet/model.onnx");
    DenoiserSignature signature = DenoiserSignature.of(pack.card(), graph);
    Denoiser failing = new FailingDenoiser(failure);
    return TimestepSharingCheck.passes(failing, failing, pack.card(), signature);
  }

  private record FailingDenoiser(DeviceFailure failure) implements Denoiser {
    @Override
    public int mostRows() {
      return 2;
    }

    @Override
    public int rowsOfCall(int used) {
      return used;
    }

    @Override
    public Call call(Shape sample) {
      throw failure;
    }
  }
}
