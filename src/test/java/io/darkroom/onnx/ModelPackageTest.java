package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.GoldenPackages;
import io.darkroom.job.Size;
import io.darkroom.job.Tile;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Space;
import io.darkroom.model.TextEncoderInfo;
import io.darkroom.model.condition.ClassLabel;
import io.darkroom.model.condition.LowResolution;
import io.darkroom.model.condition.TextPrompt;
import io.darkroom.text.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelPackageTest {
  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    folder = folder.resolve("tiny");
    TinyPackage.write(folder, TinyPackage.scaledByScalarTimestep());
  }

  @Test
  void classesAreNamedByTheLabelsFile() throws BrokenPackage {
    ModelCard card = PackageReader.read(Packages.STARTER.resolve("emoji-32")).card();
    ClassLabel classes = (ClassLabel) card.conditions().get(0);
    assertThat(classes.names()).containsEntry("smileys", 0).containsEntry("ghost", 288);
    assertThat(classes.names()).hasSize(161).doesNotContainKey("none");
    assertThat(classes.count()).isEqualTo(317);
    assertThat(classes.nullLabel()).hasValue(316);
    assertThat(card.network()).isEqualTo(new ModelCard.Network(3, 3, 3, 32, 32, 8, false, false));
    assertThat(card.defaults().steps()).hasValue(50);
    assertThat(card.defaults().guidanceScale()).hasValue(2);
    assertThat(card.defaults().eta()).hasValue(1);
  }

  @Test
  void aTextEncoderAndADecoderMakePicturesFromTexts() throws BrokenPackage {
    ModelCard card = PackageReader.read(Packages.STARTER.resolve("emoji-64")).card();
    assertThat(card.conditions())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("encoders.mostSkip")
        .containsExactly(TextPrompt.of(77, 80));
    assertThat(((TextPrompt) card.conditions().get(0)).encoders())
        .extracting(TextEncoderInfo::mostSkip)
        .containsExactly(2);
    assertThat(card.space())
        .isEqualTo(Space.latents(4, 0.32657).withEncoder().decodedBy(Optional.of(new Tile(16, 4))));
    assertThat(card.network()).isEqualTo(new ModelCard.Network(4, 4, 4, 16, 16, 4, true, true));
    assertThat(card.scheduler()).containsEntry("solver_order", 2);
  }

  @Test
  void twiceTheChannelsMakeSuperResolution() throws BrokenPackage {
    ModelCard card = PackageReader.read(Packages.STARTER.resolve("emoji-sr4")).card();
    LowResolution condition = (LowResolution) card.conditions().get(0);
    assertThat(condition.factor()).isEqualTo(4);
    assertThat(condition.maxNoiseLevel()).isEqualTo(40);
    assertThat(condition.noiseLevelStd()).isEqualTo(0.005);
    assertThat(condition.level()).isPresent();
    assertThat(card.resultOf(new Size(3, 2))).isEqualTo(new Size(12, 8));
    assertThat(card.network()).isEqualTo(new ModelCard.Network(3, 6, 3, 64, 64, 8, true, false));
  }

  @Test
  void theFileDeterminesTheTypeOfTheTimestep() throws BrokenPackage {
    assertThat(fractional(GoldenPackages.folder("sd-mini"))).isTrue();
    assertThat(fractional(GoldenPackages.folder("sd-mini-steps"))).isFalse();
    assertThat(fractional(GoldenPackages.folder("class-mini"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "model_index.json",
    "scheduler/scheduler_config.json",
    "unet/config.json",
    "unet/model.onnx"
  })
  void aMissingFileIsNamed(String file) throws IOException {
    Files.delete(folder.resolve(file));
    assertBroken(file, "", "tiny: " + file + ": is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "unet/config.json | {} | sample_size | must be an integer, 1 or more, is null",
        "unet/config.json | {\"sample_size\": \"8\"} | sample_size "
            + "| must be an integer, 0 or more, is \"8\"",
        "unet/config.json | {\"sample_size\": 8, \"in_channels\": 4} | in_channels "
            + "| must be the 3 of unet/model.onnx, is 4",
        "unet/config.json | {\"sample_size\": 8, \"eta_default\": \"x\"} | eta_default "
            + "| must be a number, is \"x\"",
        "unet/config.json | {\"sample_size\": 8, \"down_block_types\": 4} | down_block_types "
            + "| must be a list, is 4"
      })
  void aWrongFieldIsNamed(String file, String json, String field, String problem)
      throws IOException {
    Files.writeString(folder.resolve(file), json);
    assertBroken(file, field, "tiny: " + file + ": " + field + ": " + problem);
  }

  @ParameterizedTest
  @CsvSource({"unet/config.json", "scheduler/scheduler_config.json", "model_index.json"})
  void aFileThatIsNotJsonIsNamed(String file) throws IOException {
    Files.writeString(folder.resolve(file), "[1, 2");
    assertThatThrownBy(() -> PackageReader.read(folder))
        .isInstanceOf(BrokenPackage.class)
        .hasMessageStartingWith("tiny: " + file + ": is not JSON: ");
  }

  @Test
  void aFileThatIsNotANetworkIsNamed() throws IOException {
    Files.writeString(folder.resolve("unet/model.onnx"), "version https://example.org/lfs/v1");
    assertThatThrownBy(() -> PackageReader.read(folder))
        .isInstanceOf(BrokenPackage.class)
        .hasMessageStartingWith("tiny: unet/model.onnx: must be an ONNX model");
  }

  @Test
  void aNetworkWithAnUnknownInputIsRefused() throws IOException {
    TinyPackage.write(folder, TinyPackage.withUnknownInput());
    assertBroken(
        "unet/model.onnx",
        "depth_ids",
        "tiny: unet/model.onnx: depth_ids: is not an input that can be filled:"
            + " depth_ids FLOAT[-1, 6]");
  }

  @Test
  void aTextEncoderWithoutADecoderIsIncomplete() throws IOException {
    Files.createDirectory(folder.resolve("text_encoder"));
    assertBroken("vae_decoder/model.onnx", "", "tiny: vae_decoder/model.onnx: is missing");
  }

  @Test
  void theDigestDependsOnEveryByteAndName() throws BrokenPackage, IOException {
    PackageDigest before = digest(folder);
    assertThat(before.components()).containsOnlyKeys(".", "scheduler", "unet");
    assertThat(PackageReader.read(folder).card().components())
        .isEqualTo(Map.copyOf(before.components()));
    Files.writeString(folder.resolve("unet/config.json"), "{\"sample_size\": 16}");
    PackageDigest changed = digest(folder);
    assertThat(changed.sha256()).isNotEqualTo(before.sha256());
    assertThat(changed.components().get("unet")).isNotEqualTo(before.components().get("unet"));
    assertThat(changed.components().get("scheduler"))
        .isEqualTo(before.components().get("scheduler"));
    Files.move(folder.resolve("unet"), folder.resolve("unet2"));
    assertThat(digest(folder).sha256()).isNotEqualTo(changed.sha256());
  }

  @Test
  void theDigestFollowsItsDefinition(@TempDir Path small) throws BrokenPackage, IOException {
    Files.createDirectories(small.resolve("unet"));
    Files.writeString(small.resolve("unet/config.json"), "xyz");
    Files.writeString(small.resolve("unet/.hidden"), "not counted");
    String component =
        Sha256.of("unet/config.json\0\0\0\0\0\0\0\0\3xyz".getBytes(StandardCharsets.UTF_8));
    PackageDigest digest = digest(small);
    assertThat(digest.components()).containsExactly(Map.entry("unet", component));
    assertThat(digest.sha256())
        .isEqualTo(Sha256.of(("unet\0" + component + "\n").getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void symbolicLinksAreRefused(@TempDir Path elsewhere) throws IOException {
    Path weights = Files.writeString(elsewhere.resolve("weights"), "w");
    Files.createSymbolicLink(folder.resolve("unet/more.bin"), weights);
    assertBroken("unet/more.bin", "", "tiny: unet/more.bin: must not be a symbolic link");
  }

  @Test
  void aCatalogServesValidPackagesAndReportsTheOthers() throws IOException {
    Path broken = folder.resolveSibling("broken");
    TinyPackage.write(broken, TinyPackage.scaledByScalarTimestep());
    Files.delete(broken.resolve("unet/model.onnx"));
    PackageCatalog catalog = PackageCatalog.read(List.of(folder.getParent(), folder));
    assertThat(catalog.packages()).containsOnlyKeys("tiny");
    assertThat(catalog.broken()).containsOnlyKeys(broken, folder);
    assertThat(catalog.broken().get(broken)).hasMessage("broken: unet/model.onnx: is missing");
    assertThat(catalog.broken().get(folder)).hasMessageContaining("has the name of the package");
  }

  private static PackageDigest digest(Path folder) throws BrokenPackage {
    return PackageDigest.of(PackageFiles.of(folder));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1E+99999999999", "1.0e-2147483647", "0e99999999999"})
  void aHugeNumberDoesNotAffectOtherPackages(String number) throws IOException {
    Path hostile = folder.resolveSibling("hostile");
    TinyPackage.write(hostile, TinyPackage.scaledByScalarTimestep());
    for (String file : List.of("scheduler/scheduler_config.json", "unet/config.json")) {
      Path config = hostile.resolve(file);
      String more = ",\"beta_end\":" + number + ",\"eta_default\":" + number + "}";
      Files.writeString(config, Files.readString(config).replace("}", more));
    }
    PackageCatalog catalog = PackageCatalog.read(List.of(folder.getParent()));
    assertThat(catalog.packages()).containsKey("tiny");
    if (number.startsWith("1E+")) {
      assertThat(catalog.broken().get(hostile))
          .hasMessage("hostile: unet/config.json: eta_default: must be a number, is Infinity");
    }
  }

  private void assertBroken(String file, String field, String message) {
    assertThatThrownBy(() -> PackageReader.read(folder))
        .isInstanceOfSatisfying(
            BrokenPackage.class,
            broken -> {
              assertThat(broken.file()).isEqualTo(file);
              assertThat(broken.field()).isEqualTo(field);
            })
        .hasMessage(message);
  }

  private static boolean fractional(Path pack) throws BrokenPackage {
    return PackageReader.read(pack).card().network().fractionalTimesteps();
  }
}
