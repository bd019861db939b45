package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.onnx.NetworkSettings.Tier;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelfTestTest {
  private static final NetworkSettings EXACT = new NetworkSettings(1, 4, Tier.EXACT);

  @Test
  void aMeanOverMiddleDimensionsIsNeverRunAlone(@TempDir Path folder)
      throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.timesItsMeanOver(1, 2));
    try (OrtNetworks networks = Packages.load(folder, EXACT)) {
      assertThat(networks.denoiser().fewestRows()).isEqualTo(2);
      assertThat(networks.device().rowsPerCall()).isEqualTo("2-4");
    }
  }

  @Test
  void aMeanOverTheLastDimensionMayBeRunAlone(@TempDir Path folder)
      throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.timesItsMeanOver(3));
    try (OrtNetworks networks = Packages.load(folder, EXACT)) {
      assertThat(networks.denoiser().fewestRows()).isEqualTo(1);
    }
  }

  @Test
  void rowsThatDependOnOneAnotherAreRefusedInTheExactTierOnly(@TempDir Path folder)
      throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.timesItsMeanOver(0));
    assertThatThrownBy(() -> Packages.load(folder, EXACT))
        .isInstanceOf(BrokenPackage.class)
        .hasMessageContaining("depend on the rows beside it");
    try (OrtNetworks networks = Packages.load(folder, new NetworkSettings(1, 4, Tier.REPEATABLE))) {
      assertThat(networks.device().tier()).isEqualTo("repeatable");
    }
  }
}
