package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what determines the rows per call of a package. */
class RowsOfAPackageTest {
  private static final KnownAnswers NONE = KnownAnswers.inPackages();
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(5);

  @TempDir Path folder;

  @BeforeEach
  void writePackage() throws IOException {
    TinyPackage.write(folder.resolve("tiny"), TinyPackage.timesItsMeanOver(3));
  }

  private OrtNetworks open(Tier tier, Opening opening) throws BrokenPackage {
    ModelPackage pack = PackageReader.read(folder.resolve("tiny"));
    return new PackageOpener(pack, new NetworkSettings(1, 6, tier), opening).call();
  }

  private int mostRows(Tier tier, Opening opening) throws BrokenPackage {
    try (OrtNetworks networks = open(tier, opening)) {
      return networks.denoiser().mostRows();
    }
  }

  @Test
  void theOrderIsKeyOfThePackageThenPackageThenKeyOfAll() throws Exception {
    Opening plain = Opening.comparedWith(NONE);
    Opening named = new Opening(NONE, Map.of("tiny", 3), Duration.ZERO, System::nanoTime);
    assertThat(mostRows(Tier.EXACT, plain)).isEqualTo(6);
    Files.writeString(
        folder.resolve("tiny/unet/config.json"), "{\"sample_size\": 8, \"rows_per_call\": 4}");
    assertThat(mostRows(Tier.EXACT, plain)).isEqualTo(4);
    assertThat(mostRows(Tier.EXACT, named)).isEqualTo(3);
  }

  @Test
  void aPackageCanRequireOneRowPerCall() throws Exception {
    Files.writeString(
        folder.resolve("tiny/unet/config.json"), "{\"sample_size\": 8, \"rows_per_call\": 1}");
    assertThat(mostRows(Tier.EXACT, Opening.comparedWith(NONE))).isEqualTo(1);
  }

  @Test
  void theProfileProposesInTheExactTierAndDecidesInTheOthers() throws Exception {
    Opening profiled = new Opening(NONE, Map.of(), LONG_ENOUGH, System::nanoTime);
    try (OrtNetworks exact = open(Tier.EXACT, profiled)) {
      assertThat(exact.findings().profile().points()).hasSizeGreaterThan(1);
      assertThat(exact.denoiser().mostRows()).isEqualTo(6);
    }
    try (OrtNetworks repeatable = open(Tier.REPEATABLE, profiled)) {
      assertThat(repeatable.denoiser().mostRows())
          .isEqualTo(repeatable.findings().profile().bestRows());
    }
  }
}
