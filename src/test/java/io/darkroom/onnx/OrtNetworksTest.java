package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.plan.ModelCard.Layout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class OrtNetworksTest {

  @Test
  void aPackageTellsWhatItIsAndWhatComputes() throws BrokenPackage {
    try (OrtNetworks networks = Packages.load(Packages.STARTER.resolve("emoji-sr4"))) {
      assertThat(networks.card().layout()).isEqualTo(new Layout.SuperResolution(4, 40, 0.005));
      assertThat(networks.denoiser().mostRows()).isEqualTo(8);
      assertThat(networks.denoiser().fewestRows()).isEqualTo(1);
      assertThat(networks.textEncoder()).isEmpty();
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
}
