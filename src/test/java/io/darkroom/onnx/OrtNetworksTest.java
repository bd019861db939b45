package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.engine.Denoiser;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Conditioning;
import io.darkroom.model.Shape;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class OrtNetworksTest {

  @Test
  void aPackageReportsItsNetworkAndItsDevice() throws BrokenPackage {
    try (OrtNetworks networks = Packages.load(Packages.STARTER.resolve("emoji-sr4"))) {
      assertThat(networks.card().enlarges()).isTrue();
      assertThat(networks.denoiser().mostRows()).isEqualTo(8);
      assertThat(networks.denoiser().rowsOfCall(1)).isEqualTo(1);
      assertThat(networks.textEncoders()).isEmpty();
      assertThat(networks.device().onnxruntimeVersion()).isEqualTo("1.28.0");
      assertThat(networks.device().tier()).isEqualTo("exact");
      assertThat(networks.device().rowsPerCall()).isEqualTo("1-8");
    }
  }

  @Test
  void aSessionRefusesOtherThreads() throws BrokenPackage {
    try (OrtNetworks networks = Packages.load(Packages.STARTER.resolve("emoji-sr4"))) {
      CompletableFuture<Void> elsewhere = CompletableFuture.runAsync(networks::close);
      assertThatThrownBy(elsewhere::join)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aRunAllocatesLittleOnTheHeap() throws BrokenPackage {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (OrtNetworks networks = Packages.load(Packages.STARTER.resolve("emoji-32"))) {
      Denoiser.Call call = networks.denoiser().call(new Shape(3, 32, 32));
      float[] out = new float[call.outputSize()];
      Conditioning label = new Conditioning(Map.of("class_labels", 3L), Map.of(), new float[0]);
      long before = 0;
      for (int i = 0; i < 60; i++) {
        if (i == 20) {
          before = threads.getCurrentThreadAllocatedBytes();
        }
        call.sample(0).put(out);
        call.timestep(0, i);
        call.condition(0, label);
        call.run(1);
        call.output(0, out);
      }
      assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 40).isLessThan(2048);
    }
  }

  @Test
  void aCallWorksAfterManyOthersWereRequested() throws BrokenPackage {
    try (OrtNetworks networks = Packages.load(Packages.STARTER.resolve("emoji-sr4"))) {
      Denoiser.Call first = networks.denoiser().call(new Shape(3, 8, 8));
      float[] before = zeros(first, 8 * 8);
      for (int i = 2; i < 25; i++) {
        zeros(networks.denoiser().call(new Shape(3, 8, 8 * i)), 8 * 8 * i);
      }
      assertThat(zeros(first, 8 * 8)).containsExactly(before);
    }
  }

  @Test
  void largeSamplesHaveCallsOfFewerRows() throws BrokenPackage {
    try (OrtNetworks networks = Packages.load(Packages.STARTER.resolve("emoji-sr4"))) {
      assertThat(networks.denoiser().call(new Shape(3, 64, 64)).mostRows()).isEqualTo(8);
      assertThat(networks.denoiser().call(new Shape(3, 512, 512)).mostRows()).isEqualTo(2);
    }
  }

  @Test
  void callsOfSmallSamplesHaveARowForEachLane() throws BrokenPackage {
    try (Lanes lanes = Lanes.of(12);
        OrtNetworks networks =
            Packages.load(Packages.STARTER.resolve("emoji-sr4"), Packages.ONE_THREAD.on(lanes))) {
      assertThat(networks.denoiser().mostRows()).isEqualTo(12);
      assertThat(networks.denoiser().call(new Shape(3, 64, 64)).mostRows()).isEqualTo(12);
      assertThat(networks.denoiser().call(new Shape(3, 512, 512)).mostRows()).isEqualTo(2);
      assertThat(networks.device().rowsPerCall()).isEqualTo("1-8");
    }
  }

  @Test
  void aShapeThatTheNetworkDoesNotAcceptIsRefused() throws BrokenPackage {
    try (OrtNetworks networks = Packages.load(Packages.STARTER.resolve("emoji-32"))) {
      assertThatThrownBy(() -> networks.denoiser().call(new Shape(3, 64, 64)))
          .isInstanceOfSatisfying(
              DeviceFailure.class,
              failure -> assertThat(failure.kind()).isEqualTo(DeviceFailure.Kind.REFUSED))
          .hasMessageEndingWith("is 3x64x64");
    }
  }

  @Test
  void aSampleThatDoesNotFitIntoMemoryFailsOnlyItsRequest() throws BrokenPackage {
    try (OrtNetworks networks = Packages.load(Packages.STARTER.resolve("emoji-sr4"))) {
      for (int side : new int[] {6000, 12_000}) {
        assertThatThrownBy(() -> networks.denoiser().call(new Shape(3, side, side)))
            .isInstanceOfSatisfying(
                DeviceFailure.class,
                failure -> assertThat(failure.kind()).isEqualTo(DeviceFailure.Kind.OUT_OF_MEMORY));
      }
      assertThat(zeros(networks.denoiser().call(new Shape(3, 8, 8)), 8 * 8)).isNotEmpty();
    }
  }

  /** The output for a sample of zeros in the first row. */
  private static float[] zeros(Denoiser.Call call, int pixels) {
    Conditioning conditioning =
        new Conditioning(Map.of("class_labels", 0L), Map.of(), new float[3 * pixels]);
    call.sample(0).put(new float[3 * pixels]);
    call.timestep(0, 500);
    call.condition(0, conditioning);
    call.run(1);
    float[] out = new float[call.outputSize()];
    call.output(0, out);
    return out;
  }
}
