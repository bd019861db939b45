package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.darkroom.GoldenPackages;
import io.darkroom.model.BrokenPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that files of other pipelines and exporters are refused by name. */
class RefusedPackageTest {
  private static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();
  private static final Path SD_MINI = Packages.PIPELINES.resolve("packages/sd-mini");

  @TempDir private Path parent;
  private Path tiny;

  @BeforeEach
  void write() throws IOException {
    tiny = parent.resolve("tiny");
    TinyPackage.write(tiny, TinyPackage.scaledByScalarTimestep());
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> PackageReader.read(tiny))
        .isInstanceOf(BrokenPackage.class)
        .hasMessage("tiny: " + message);
  }

  private void index(String json) throws IOException {
    Files.writeString(tiny.resolve("model_index.json"), json.replace('\'', '"'));
  }

  private void scheduler(String json) throws IOException {
    Files.writeString(tiny.resolve("scheduler/scheduler_config.json"), json.replace('\'', '"'));
  }

  private void copySdMini() throws IOException {
    copy(SD_MINI);
  }

  private void copy(Path pack) throws IOException {
    try (Stream<Path> files = Files.walk(pack)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = tiny.resolve(pack.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.write(copy, Files.readAllBytes(file));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vqvae", "image_encoder", "controlnet", "prior"})
  void aComponentThatIsNotUsedIsAnError(String component) throws IOException {
    index("{'_class_name': 'SomePipeline', '" + component + "': ['diffusers', 'SomeModel']}");
    assertRefused(
        "model_index.json: "
            + component
            + ": is a component that is not supported: images would differ from those of the pipeline");
  }

  @Test
  void anEncoderWithoutItsHiddenStatesIsRefused() throws IOException {
    copy(GoldenPackages.folder("sdxl-mini"));
    Files.copy(
        SD_MINI.resolve("text_encoder/model.onnx"),
        tiny.resolve("text_encoder/model.onnx"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> PackageReader.read(tiny))
        .isInstanceOf(BrokenPackage.class)
        .hasMessageStartingWith("tiny: text_encoder/model.onnx: hidden_states.1: is missing");
  }

  @Test
  void aSecondEncoderThatWasNotExportedIsMissing() throws IOException {
    copy(GoldenPackages.folder("sdxl-mini"));
    Files.delete(tiny.resolve("text_encoder_2/model.onnx"));
    assertRefused("text_encoder_2/model.onnx: is missing");
  }

  @Test
  void aNamedThirdEncoderMustExist() throws IOException {
    copy(GoldenPackages.folder("sd3-mini"));
    Files.delete(tiny.resolve("text_encoder_3/model.onnx"));
    assertRefused("text_encoder_3/model.onnx: is missing");
  }

  @Test
  void anEncoderThatHasNoPlaceInTheNetworkIsRefused() throws IOException {
    copy(GoldenPackages.folder("pixart-mini"));
    Path flux = GoldenPackages.folder("flux-mini");
    Files.createDirectories(tiny.resolve("text_encoder_2"));
    for (String file : List.of("config.json", "model.onnx")) {
      Files.copy(flux.resolve("text_encoder_2/" + file), tiny.resolve("text_encoder_2/" + file));
    }
    assertThatThrownBy(() -> PackageReader.read(tiny))
        .hasMessageStartingWith("tiny: text_encoder_2: must have a matching input in the network");
  }

  @Test
  void guidanceThatTheNetworkDoesNotTakeIsRefused() throws IOException {
    copy(GoldenPackages.folder("flux-mini"));
    Path config = tiny.resolve("transformer/config.json");
    Files.writeString(
        config,
        Files.readString(config).replace("guidance_embeds\": true", "guidance_embeds\": 0"));
    assertRefused(
        "transformer/model.onnx: guidance: must be a vector of float32 or float16 if"
            + " guidance_embeds is true");
  }

  @Test
  void aTransformerWhoseDecoderWasNotExportedIsRefused() throws IOException {
    copy(GoldenPackages.folder("dit-mini"));
    Files.delete(tiny.resolve("vae_decoder/model.onnx"));
    assertRefused("vae_decoder/model.onnx: is missing");
  }

  @Test
  void namesOfLabelsThatATransformerDoesNotHaveAreRefused() throws IOException {
    copy(GoldenPackages.folder("dit-mini"));
    index("{'_class_name': 'DiTPipeline', 'id2label': {'0': 'tench, fish', '1000': 'none'}}");
    assertRefused("model_index.json: id2label: must have keys from 0 to 999, has 1000");
    index("{'_class_name': 'DiTPipeline', 'id2label': {'0': 'tench, fish'}}");
    assertThatCode(() -> PackageReader.read(tiny)).doesNotThrowAnyException();
  }

  @Test
  void anAutoencoderThatWasNotExportedIsMissing() throws IOException {
    index("{'_class_name': 'LDMPipeline', 'vae': ['diffusers', 'AutoencoderKL']}");
    assertRefused("vae_decoder/model.onnx: is missing");
  }

  @Test
  void checkersAndPlainValuesAreNotRequired() throws Exception {
    index(
        "{'_class_name': ['file', 'OwnPipeline'], 'unet': ['a', 'b'], 'scheduler': ['a', 'b'],"
            + " 'safety_checker': ['a', 'b'], 'feature_extractor': ['a', 'b'],"
            + " 'image_encoder': [null, null], 'requires_safety_checker': true}");
    assertThat(PackageReader.read(tiny).card().name()).isEqualTo("tiny");
  }

  @Test
  void theGuidanceOfAnLcmMustBeATable() throws IOException {
    GraphProto graph =
        TinyPackage.scaledByScalarTimestep().toBuilder()
            .addInput(TinyPackage.value("timestep_cond", FLOAT, "N"))
            .build();
    TinyPackage.write(tiny, graph);
    assertRefused(
        "unet/model.onnx: timestep_cond: must be float32 or float16 of two dimensions, is"
            + " timestep_cond FLOAT[-1]");
  }

  @Test
  void anInpaintingNetworkIsNamedByItsChannels() throws IOException {
    GraphProto graph =
        GraphProto.newBuilder()
            .addInput(TinyPackage.value("sample", FLOAT, "N", "9", "h", "w"))
            .addInput(TinyPackage.value("timestep", FLOAT))
            .addOutput(TinyPackage.value("out_sample", FLOAT, "N", "4", "h", "w"))
            .build();
    TinyPackage.write(tiny, graph);
    assertRefused(
        "unet/config.json: in_channels: are 9, as in packages for inpainting, which is not served");
  }

  @Test
  void unknownInputNamesAreListed() throws IOException {
    GraphProto graph =
        GraphProto.newBuilder()
            .addInput(TinyPackage.value("x", FLOAT, "N", "3", "h", "w"))
            .addInput(TinyPackage.value("timestep", FLOAT))
            .addOutput(TinyPackage.value("out_sample", FLOAT, "N", "3", "h", "w"))
            .build();
    TinyPackage.write(tiny, graph);
    assertRefused(
        "unet/model.onnx: sample: is missing: the inputs are [x FLOAT[-1, 3, -1, -1], timestep"
            + " FLOAT[]]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version https://git-lfs.github.com/spec/v1 "
            + "| is a git-lfs pointer, not the file itself: get it with git lfs pull",
        "<!DOCTYPE html><html> "
            + "| is an HTML page, not the file itself: download it from its raw address",
        "<html><head> | is an HTML page, not the file itself: download it from its raw address"
      })
  void filesOfAFailedDownloadAreNamed(String content, String message) throws IOException {
    for (String file : List.of("unet/model.onnx", "scheduler/scheduler_config.json")) {
      TinyPackage.write(tiny, TinyPackage.scaledByScalarTimestep());
      Files.writeString(tiny.resolve(file), content);
      assertRefused(file + ": " + message);
    }
  }

  @Test
  void aNetworkUnderAnotherNameIsSuggested() throws IOException {
    Files.move(tiny.resolve("unet/model.onnx"), tiny.resolve("unet/model_fp16.onnx"));
    assertRefused(
        "unet/model.onnx: is missing: there is model_fp16.onnx, name the one to serve model.onnx");
  }

  @Test
  void aNetworkThatWasNotExportedIsNamed() throws IOException {
    Files.delete(tiny.resolve("unet/model.onnx"));
    Files.writeString(tiny.resolve("unet/diffusion_pytorch_model.safetensors"), "");
    assertRefused(
        "unet/model.onnx: is missing: there is diffusion_pytorch_model.safetensors, which must be"
            + " exported to ONNX first");
  }

  @Test
  void theConfigurationsThatTheConvertScriptLeavesOutAreNamed() throws IOException {
    copySdMini();
    for (String network : List.of("unet", "text_encoder", "vae_decoder")) {
      Files.delete(tiny.resolve(network).resolve("config.json"));
    }
    assertRefused(
        "unet/config.json: is missing, as diffusers' convert script leaves it out: copy"
            + " unet/config.json, text_encoder/config.json and vae/config.json (as"
            + " vae_decoder/config.json) from the model that was converted");
  }

  @Test
  void theHubsCacheIsNamed() throws IOException {
    Path repository = parent.resolve("models--org--name");
    Path snapshot = repository.resolve("snapshots/0123abcd");
    TinyPackage.write(repository.resolve("blobs"), TinyPackage.scaledByScalarTimestep());
    Files.createDirectories(snapshot);
    Path blob = Files.writeString(repository.resolve("blobs/4567"), "{}");
    Files.createSymbolicLink(snapshot.resolve("model_index.json"), blob);
    String advice = "download org/name into a folder of its own with hf download --local-dir";

    PackageCatalog catalog = PackageCatalog.read(List.of(parent));

    assertThat(catalog.packages()).containsOnlyKeys("tiny");
    assertThat(catalog.broken().get(repository))
        .hasMessage("models--org--name: .: is the cache of the Hugging Face hub: " + advice);
    assertThat(PackageCatalog.read(List.of(repository)).broken()).containsOnlyKeys(repository);
    assertThat(PackageCatalog.read(List.of(snapshot)).broken().get(snapshot))
        .hasMessage(
            "0123abcd: model_index.json: must not be a symbolic link into the cache of the Hugging"
                + " Face hub: "
                + advice);
  }

  @Test
  void aNameThatNoRequestCanSpellIsRefused() throws IOException {
    tiny = parent.resolve("my model");
    TinyPackage.write(tiny, TinyPackage.scaledByScalarTimestep());
    assertThatThrownBy(() -> PackageReader.read(tiny))
        .hasMessage(
            "my model: .: the folder's name must be 1 to 128 letters, digits or . _ -, beginning"
                + " with a letter or a digit, so that requests can name it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'_class_name': 'NoSuchScheduler'} | _class_name | \"NoSuchScheduler\"",
        "{'_class_name': 'DDIMScheduler', 'beta_end': NaN} | beta_end | NaN",
        "{'_class_name': 'DDIMScheduler', 'prediction_type': 'x'} | prediction_type | \"x\""
      })
  void aSchedulerThatCannotBeUsedIsRefusedAtLoad(String json, String field, String value)
      throws IOException {
    scheduler(json);
    assertThatThrownBy(() -> PackageReader.read(tiny))
        .isInstanceOfSatisfying(
            BrokenPackage.class, broken -> assertThat(broken.field()).isEqualTo(field))
        .hasMessageStartingWith("tiny: scheduler/scheduler_config.json: " + field + ": must be ")
        .hasMessageContaining(", is " + value);
  }

  @Test
  void aLearnedVarianceNeedsANetworkThatGivesIt() throws IOException {
    scheduler("{'_class_name': 'DDPMScheduler', 'variance_type': 'learned_range'}");
    assertRefused(
        "scheduler/scheduler_config.json: variance_type: must not be learned with a network of 3"
            + " channels of output for 3 of the sample");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"scaling_factor\": 0 | scaling_factor | must be above 0, is 0.0",
        "\"scaling_factor\": NaN | scaling_factor | must be a number, is NaN",
        "\"decode_tile_size\": 7 | decode_tile_size | must be 8 to 4096 latents, is 7",
        "\"decode_tile_size\": 4097 | decode_tile_size | must be 8 to 4096 latents, is 4097",
        "\"decode_tile_size\": \"8\" | decode_tile_size | must be an integer, 0 or more, is \"8\"",
        "\"decode_tile_overlap\": 0.6 | decode_tile_overlap | must be 0 to 0.5 of a tile, is 0.6",
        "\"decode_tile_overlap\": -1 | decode_tile_overlap | must be 0 to 0.5 of a tile, is -1.0",
        "\"decode_tile_overlap\": [] | decode_tile_overlap | must be a number, is []",
        "\"shift_factor\": NaN | shift_factor | must be a number, is NaN",
        "\"latents_mean\": [0, 1], \"latents_std\": [1] | latents_std | must be 2 numbers, is [1]",
        "\"latents_mean\": [0], \"latents_std\": [0] | latents_std | must be above 0, are [0.0]"
      })
  void numbersThatNoLatentsCanHaveAreRefusedAtLoad(String entry, String field, String problem)
      throws IOException {
    copySdMini();
    Files.writeString(
        tiny.resolve("vae_decoder/config.json"), "{\"block_out_channels\": [1, 2], " + entry + "}");
    assertRefused("vae_decoder/config.json: " + field + ": " + problem);
  }

  @Test
  void aShiftOfZeroIsAccepted() throws Exception {
    copySdMini();
    Files.writeString(
        tiny.resolve("vae_decoder/config.json"),
        "{\"block_out_channels\": [1, 2], \"shift_factor\": 0.0, \"latents_mean\": [0.0, 0],"
            + " \"latents_std\": [1, 1.0]}");
    assertThat(PackageReader.read(tiny).card().space().decoded()).isTrue();
  }
}
