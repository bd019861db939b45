package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.GoldenPackages;
import io.darkroom.engine.Denoiser;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.Pass;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ModelCard;
import io.darkroom.model.SkipFeature;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the parts of split networks of the starter models and of a model of diffusers. */
class SplitNetworkTest {
  private static final NetworkSettings SETTINGS = new NetworkSettings(1, 4, Tier.EXACT);

  private static Path folder(String model) {
    return model.startsWith("emoji")
        ? Path.of("src/main/models", model)
        : GoldenPackages.folder(model);
  }

  @ParameterizedTest
  @CsvSource({"emoji-32,2", "emoji-64,6", "emoji-sr4,2", "sd-mini,4", "class-mini,4", "dit-mini,0"})
  void cutsAreTheSkipConnectionsOfTheGraph(String model, int cuts) throws BrokenPackage {
    assertThat(PackageReader.read(folder(model)).card().skips()).hasSize(cuts);
  }

  /** The first join of emoji-32 is beside a second way from the deep part to the output. */
  @Test
  void aCutSeparatesTheDeepPart() throws BrokenPackage {
    assertThat(PackageReader.read(folder("emoji-32")).card().skips())
        .containsExactly(new SkipFeature(48, List.of(2, 2)), new SkipFeature(96, List.of(4, 4)));
  }

  @Test
  void theFirstCutIsNextToTheOutput() throws BrokenPackage {
    List<SkipFeature> skips = PackageReader.read(folder("emoji-64")).card().skips();
    assertThat(skips.get(0)).isEqualTo(new SkipFeature(48, List.of(1, 1)));
    assertThat(skips.get(5)).isEqualTo(new SkipFeature(112, List.of(4, 4)));
  }

  @ParameterizedTest
  @CsvSource({
    "emoji-32,1",
    "emoji-32,2",
    "emoji-64,1",
    "emoji-64,2",
    "emoji-64,6",
    "emoji-sr4,2",
    "sd-mini,3"
  })
  void bothPartsGiveTheBitsOfTheWholeNetwork(String model, int depth) throws BrokenPackage {
    ModelPackage pack = PackageReader.read(folder(model));
    try (OrtNetworks networks = OrtNetworks.load(pack, SETTINGS)) {
      ModelCard card = networks.card();
      DenoiserSignature signature = DenoiserSignature.of(card, NetworkReader.graph(pack.folder()));
      TestInputs inputs = TestInputs.of(card, signature, 3, 1);
      Denoiser full = networks.denoiser("", new Pass(Pass.Kind.FULL, depth));
      Denoiser shallow = networks.denoiser("", new Pass(Pass.Kind.SHALLOW, depth));
      List<float[]> whole = inputs.run(networks.denoiser(), 0, 1, 2);
      List<float[]> withFeatures = inputs.run(full, 0, 1, 2);
      int size = whole.get(0).length;
      List<float[]> features =
          withFeatures.stream().map(row -> Arrays.copyOfRange(row, size, row.length)).toList();
      List<float[]> rest = inputs.withFeatures(features).run(shallow, 2, 1, 0);
      for (int row = 0; row < 3; row++) {
        assertThat(Arrays.copyOf(withFeatures.get(row), size)).containsExactly(whole.get(row));
        assertThat(rest.get(2 - row)).containsExactly(whole.get(row));
      }
      List<float[]> mixed =
          inputs.withFeatures(List.of(features.get(1), features.get(0))).run(shallow, 0);
      assertThat(mixed.get(0)).isNotEqualTo(whole.get(0));
    }
  }

  @Test
  void aDepthWithoutSkipConnectionIsRefusedEachTime() throws BrokenPackage {
    ModelPackage pack = PackageReader.read(folder("emoji-32"));
    try (OrtNetworks networks = OrtNetworks.load(pack, SETTINGS)) {
      Pass none = new Pass(Pass.Kind.FULL, 4);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> networks.denoiser("", none))
            .isInstanceOf(DeviceFailure.class)
            .hasMessageContaining("cache: emoji-32 cannot be split at depth 4");
      }
    }
  }
}
