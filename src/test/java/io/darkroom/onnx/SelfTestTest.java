package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelfTestTest {
  private static final NetworkSettings EXACT = new NetworkSettings(1, 4, Tier.EXACT);

  @Test
  void aMeanOverMiddleDimensionsNeverRunsAlone(@TempDir Path folder)
      throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.timesItsMeanOver(1, 2));
    try (OrtNetworks networks = Packages.load(folder, EXACT)) {
      assertThat(networks.denoiser().rowsOfCall(1)).isEqualTo(2);
      assertThat(networks.device().rowsPerCall()).isEqualTo("2-4");
    }
  }

  @Test
  void aMeanOverTheLastDimensionCanRunAlone(@TempDir Path folder)
      throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.timesItsMeanOver(3));
    try (OrtNetworks networks = Packages.load(folder, EXACT)) {
      assertThat(networks.denoiser().rowsOfCall(1)).isEqualTo(1);
    }
  }

  @Test
  void rowsThatDependOnOneAnotherAreServedInTheFastTierOnly(@TempDir Path folder)
      throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.timesItsMeanOver(0));
    for (Tier tier : new Tier[] {Tier.EXACT, Tier.REPEATABLE}) {
      assertThatThrownBy(() -> Packages.load(folder, new NetworkSettings(1, 4, tier)))
          .isInstanceOfSatisfying(
              BrokenPackage.class, broken -> assertThat(broken.inexact()).isTrue())
          .hasMessageEndingWith("which the " + tier.wire() + " tier does not allow");
    }
    try (OrtNetworks networks = Packages.load(folder, new NetworkSettings(1, 4, Tier.FAST))) {
      assertThat(networks.device().tier()).isEqualTo("fast");
    }
  }

  @Test
  void rowsThatRunAloneAreExactForAnyNetwork(@TempDir Path folder)
      throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.roundedToWhatItsRowsNeed());
    assertThatThrownBy(() -> Packages.load(folder, EXACT))
        .hasMessageContaining(
            "needs one row a call (darkroom.engine.rows-by-model.%s=1) or the fast tier",
            folder.getFileName());
    for (Tier tier : Tier.values()) {
      try (OrtNetworks networks = Packages.load(folder, new NetworkSettings(1, 1, tier))) {
        assertThat(networks.device().tier()).isEqualTo(tier.wire());
        assertThat(networks.device().rowsPerCall()).isEqualTo("1-1");
      }
    }
  }

  @Test
  void aNetworkThatDoesNotEndIsStopped(@TempDir Path folder) throws IOException {
    TinyPackage.write(folder, TinyPackage.loopingWithoutEnd());
    NetworkSettings hasty =
        new NetworkSettings(
            1, 4, Tier.EXACT, Provider.CPU, Duration.ofMillis(200), Lanes.ONE, false);
    assertThatThrownBy(() -> Packages.load(folder, hasty))
        .isInstanceOf(BrokenPackage.class)
        .hasMessageEndingWith(
            "unet/model.onnx: must end a run within 200 ms (darkroom.engine.self-test-run),"
                + " does not");
  }

  @Test
  void exactCallsHaveOneSizeIfTheNumberOfRowsMatters(@TempDir Path folder)
      throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.enlargedByItsRowCount());
    try (OrtNetworks networks = Packages.load(folder, EXACT)) {
      assertThat(networks.device().rowsPerCall()).isEqualTo("4-4");
      assertThat(networks.denoiser().rowsOfCall(2)).isEqualTo(4);
    }
    try (OrtNetworks networks = Packages.load(folder, new NetworkSettings(1, 4, Tier.REPEATABLE))) {
      assertThat(networks.device().rowsPerCall()).isEqualTo("1-4");
      assertThat(networks.denoiser().rowsOfCall(2)).isEqualTo(2);
    }
  }

  /** A network with one timestep for all rows is tested at each of three timesteps. */
  @ParameterizedTest
  @CsvSource({"700, 1", "300, -1", "400, 1"})
  void aSharedTimestepIsTriedOverItsRange(float bound, int sign, @TempDir Path folder)
      throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.enlargedByItsRowCountBeyond(bound, sign));
    try (OrtNetworks networks = Packages.load(folder, EXACT)) {
      assertThat(networks.device().rowsPerCall()).isEqualTo("4-4");
    }
  }

  @Test
  void aSharedTimestepThatAgreesOverItsRangeCanRunAlone(@TempDir Path folder)
      throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.enlargedByItsRowCountBeyond(1000, 1));
    try (OrtNetworks networks = Packages.load(folder, EXACT)) {
      assertThat(networks.device().rowsPerCall()).isEqualTo("1-4");
    }
  }
}
