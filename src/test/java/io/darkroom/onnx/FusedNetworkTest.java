package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.darkroom.GoldenPackages;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests denoising networks with fused attention. */
class FusedNetworkTest {
  private static final NetworkSettings PLAIN = new NetworkSettings(1, 2, Tier.EXACT);
  private static final NetworkSettings FUSING = PLAIN.fusing(true);
  private static final Path SD_MINI = Packages.PIPELINES.resolve("packages/sd-mini");

  private static long fused(Path folder) throws BrokenPackage {
    return NetworkReader.graph(folder).withFusedAttention().fusedAttention();
  }

  private static List<float[]> outputs(DenoiserLoading loading, ModelPackage pack) {
    try (OrtDenoiser denoiser = loading.denoiser(BatchSizes.upTo(2), Lanes.ONE)) {
      return TestInputs.of(pack.card(), loading.signature(), 2, 1).run(denoiser, 0, 1);
    } finally {
      loading.session().close();
    }
  }

  @Test
  void eachAttentionIsFusedAndTheOutputsAreClose() throws BrokenPackage {
    assertThat(fused(SD_MINI)).isEqualTo(8);
    ModelPackage pack = PackageReader.read(SD_MINI.toAbsolutePath());
    DenoiserLoading plain = DenoiserLoading.load(pack, PLAIN);
    List<float[]> expected = outputs(plain, pack);
    DenoiserLoading loading = DenoiserLoading.load(pack, FUSING);
    assertThat(plain.fused()).isFalse();
    assertThat(loading.fused()).isTrue();
    List<float[]> given = outputs(loading, pack);
    for (int row = 0; row < 2; row++) {
      assertThat(TimestepSharingCheck.difference(given.get(row), expected.get(row)))
          .isPositive()
          .isLessThan(FusedNetwork.TOLERANCE);
    }
  }

  /** Forms of several exporters. Two of pixart-mini's four have a mask. */
  @ParameterizedTest
  @CsvSource({"lcm-mini, 8", "dit-mini, 2", "wave-mini, 9", "pixart-mini, 2"})
  void formsOfExportersAreRecognised(String name, int count) throws BrokenPackage {
    Path folder = GoldenPackages.folder(name).toAbsolutePath();
    assertThat(fused(folder)).isEqualTo(count);
    DenoiserLoading loading = DenoiserLoading.load(PackageReader.read(folder), FUSING);
    loading.session().close();
    assertThat(loading.fused()).isTrue();
  }

  @Test
  void onlyFusedNetworksSaySoInTheFingerprint() throws BrokenPackage {
    try (OrtNetworks fused = Packages.load(SD_MINI, FUSING);
        OrtNetworks plain = Packages.load(SD_MINI, PLAIN);
        OrtNetworks without = Packages.load(Packages.STARTER.resolve("emoji-sr4"), FUSING)) {
      assertThat(fused.device()).isEqualTo(plain.device().with("fused", "attention"));
      assertThat(fused.findings().answers()).isNotEqualTo(plain.findings().answers());
      assertThat(without.device().options()).isEqualTo(plain.device().options());
    }
  }

  /** A scale that is computed in the graph and is not the one that is assumed. */
  @Test
  void attentionOfOtherOutputsIsNotFused(@TempDir Path folder) throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.attentionWithFactor(3));
    assertThat(fused(folder)).isEqualTo(1);
    try (OrtNetworks fusing = Packages.load(folder, FUSING);
        OrtNetworks plain = Packages.load(folder, PLAIN)) {
      assertThat(fusing.device()).isEqualTo(plain.device());
      assertThat(fusing.findings().answers()).isEqualTo(plain.findings().answers());
    }
    TinyPackage.write(folder, TinyPackage.attentionWithFactor((float) Math.pow(3, -0.25)));
    try (OrtNetworks fusing = Packages.load(folder, FUSING)) {
      assertThat(fusing.device().options()).containsEntry("fused", "attention");
    }
  }

  @Test
  void nodesThatAreNeededElsewhereStay() throws BrokenPackage, IOException {
    GraphProto graph = TinyPackage.attentionWithFactor(1);
    GraphProto more =
        graph.toBuilder()
            .addNode(TinyPackage.node("Identity", "seen", "weights"))
            .addOutput(graph.getOutput(0).toBuilder().setName("seen"))
            .build();
    assertThat(operators(AttentionFusion.fused(graph))).doesNotContain("Softmax");
    assertThat(operators(AttentionFusion.fused(more))).contains("Softmax", "MultiHeadAttention");
  }

  private static List<String> operators(GraphProto graph) {
    return graph.getNodeList().stream().map(NodeProto::getOpType).toList();
  }
}
