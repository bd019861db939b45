package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.darkroom.model.BrokenPackage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which files belong to a package. */
class PackageFilesTest {
  @TempDir private Path folder;

  private static String sha256(Path folder) throws BrokenPackage {
    return PackageReader.read(folder).card().sha256();
  }

  /** The sample times a factor, whose four bytes are in another file. */
  private static GraphProto timesAFactorIn(String file) {
    return TinyPackage.graph(-1)
        .addInitializer(factorIn(file))
        .addNode(TinyPackage.node("Mul", "weighted", "sample", "factor"))
        .addNode(TinyPackage.node("Mul", "out_sample", "weighted", "timestep"))
        .build();
  }

  private static TensorProto factorIn(String file) {
    return TensorProto.newBuilder()
        .setName("factor")
        .setDataType(TensorProto.DataType.FLOAT.getNumber())
        .addDims(1)
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(
            StringStringEntryProto.newBuilder().setKey("location").setValue(file).build())
        .build();
  }

  private static void writeFactor(Path file, float factor) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(
        file, ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(factor).array());
  }

  @ParameterizedTest
  @CsvSource({
    "src/main/models/emoji-32, 87088a6147019f659bd3ee4acac1fb15cabd135c080c88d66001098c8956e4c3",
    "src/main/models/emoji-64, 543b569beeaccb6631409b16355f415d8340646966d297f392e0b93f30b1e6bd",
    "src/main/models/emoji-sr4, efe8ee1f32777bcdefaab47f314321f86ddc68f9c45da979b6f13b3313c539d0",
    "src/test/resources/pipelines/packages/sd-mini,"
        + " 91a7b1ffec9bb98c78eb9dd916f69cacf7afc97f0e93355d3306fd50b84e3aa5"
  })
  void theDigestOfAPackageIsTheSameInEveryRelease(Path folder, String sha256) throws Exception {
    assertThat(sha256(folder)).isEqualTo(sha256);
  }

  @ParameterizedTest
  @ValueSource(strings = {"w.bin", ".w.bin", "data/w.bin", ".data/w.bin"})
  void externalWeightsOfANetworkAreCounted(String file) throws Exception {
    Path tiny = folder.resolve("tiny");
    TinyPackage.write(tiny, timesAFactorIn(file));
    writeFactor(tiny.resolve("unet").resolve(file), 0.5f);
    String before = sha256(tiny);
    writeFactor(tiny.resolve("unet").resolve(file), 0.25f);
    assertThat(sha256(tiny)).isNotEqualTo(before);
    try (OrtNetworks networks = Packages.load(tiny)) {
      assertThat(networks.card().components()).containsOnlyKeys(".", "scheduler", "unet");
    }
  }

  @Test
  void weightsOfBranchesAreCounted() {
    GraphProto branch = GraphProto.newBuilder().addInitializer(factorIn("branch.bin")).build();
    AttributeProto constant = AttributeProto.newBuilder().setT(factorIn("constant.bin")).build();
    AttributeProto then = AttributeProto.newBuilder().setName("then_branch").setG(branch).build();
    NodeProto node = NodeProto.newBuilder().addAttribute(then).addAttribute(constant).build();
    assertThat(
            OnnxGraph.of(
                    TinyPackage.model(timesAFactorIn("top.bin").toBuilder().addNode(node).build()))
                .weightFiles())
        .containsExactly("branch.bin", "constant.bin", "top.bin");
  }

  @Test
  void missingWeightsAreNamed() throws IOException {
    Path tiny = folder.resolve("tiny");
    TinyPackage.write(tiny, timesAFactorIn("w.bin"));
    assertThatThrownBy(() -> PackageReader.read(tiny))
        .hasMessage("tiny: unet/w.bin: is missing: unet/model.onnx has its weights there");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../w.bin", "../../elsewhere", "/etc/hostname"})
  void weightsOutsideTheNetworksFolderAreRefused(String file) throws IOException {
    Path tiny = folder.resolve("tiny");
    TinyPackage.write(tiny, timesAFactorIn(file));
    assertThatThrownBy(() -> PackageReader.read(tiny))
        .hasMessage("tiny: unet/model.onnx: " + file + ": must be a file of weights in unet");
  }

  @Test
  void hiddenLinksOutOfThePackageAreRefused() throws IOException {
    Path tiny = folder.resolve("tiny");
    TinyPackage.write(tiny, timesAFactorIn(".w.bin"));
    writeFactor(folder.resolve("outside"), 1);
    Files.createSymbolicLink(tiny.resolve("unet/.w.bin"), folder.resolve("outside"));
    assertThatThrownBy(() -> PackageReader.read(tiny))
        .hasMessage("tiny: unet/.w.bin: must not lead out of the package");
  }

  @Test
  void aLinkToAPackageIsThatPackageUnderItsOwnName() throws Exception {
    Path tiny = folder.resolve("tiny");
    TinyPackage.write(tiny, TinyPackage.scaledByScalarTimestep());
    Path link = Files.createSymbolicLink(folder.resolve("linked"), tiny);
    assertThat(PackageReader.read(link).card().name()).isEqualTo("linked");
    assertThat(sha256(link)).isEqualTo(sha256(tiny));
    TinyPackage.write(tiny, timesAFactorIn("w.bin"));
    writeFactor(tiny.resolve("unet/w.bin"), 0.5f);
    String before = sha256(link);
    writeFactor(tiny.resolve("unet/w.bin"), 0.25f);
    assertThat(sha256(link)).isNotEqualTo(before).isEqualTo(sha256(tiny));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "unet/README.md",
        "unet/model_fp16.onnx",
        "safety_checker/model.onnx",
        "feature_extractor/preprocessor_config.json",
        "known_answers.json"
      })
  void filesThatDoNotAffectPicturesAreNotCounted(String file) throws Exception {
    Path tiny = folder.resolve("tiny");
    TinyPackage.write(tiny, TinyPackage.scaledByScalarTimestep());
    String before = sha256(tiny);
    Files.createDirectories(tiny.resolve(file).getParent());
    Files.writeString(tiny.resolve(file), "{}");
    assertThat(sha256(tiny)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"model_index.json", "scheduler/scheduler_config.json", "unet/config.json"})
  void filesThatAffectPicturesAreCounted(String file) throws Exception {
    Path tiny = folder.resolve("tiny");
    TinyPackage.write(tiny, TinyPackage.scaledByScalarTimestep());
    String before = sha256(tiny);
    Files.writeString(tiny.resolve(file), Files.readString(tiny.resolve(file)) + " ");
    assertThat(sha256(tiny)).isNotEqualTo(before);
  }

  @Test
  void aDigestOverNoFilesIsAnError() {
    assertThatThrownBy(() -> PackageDigest.of(PackageFiles.of(folder)))
        .isInstanceOf(BrokenPackage.class)
        .hasMessage(".: holds no file of a package");
  }
}
