package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.darkroom.DerivedPackages;
import io.darkroom.DirectEngine;
import io.darkroom.GoldenPackages;
import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageOutcome;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Space;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the keys of AutoencoderTiny (TAESD), and an encoder without variance, on a package whose
 * encoder takes means of 2 x 2 pixels and whose decoder repeats latents.
 */
class TinyAutoencoderTest {
  private static final int SIDE = 32;
  private static final int CELLS = SIDE / 2;
  private static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();

  @TempDir Path root;

  private Path write(String output) throws Exception {
    Path folder = DerivedPackages.copy(GoldenPackages.folder("sd-mini"), root.resolve("taesd"));
    for (String part : List.of("vae_encoder", "vae_decoder")) {
      Files.writeString(
          folder.resolve(part).resolve("config.json"),
          """
          {"_class_name": "AutoencoderTiny", "latent_channels": 4, "scaling_factor": 1.0,
           "encoder_block_out_channels": [64, 64], "decoder_block_out_channels": [64, 64],
           "latent_magnitude": 3, "latent_shift": 0.5, "upsampling_scaling_factor": 2}
          """);
    }
    write(folder.resolve("vae_encoder/model.onnx"), convolution("Conv", "sample", output, 0.25f));
    write(
        folder.resolve("vae_decoder/model.onnx"),
        convolution("ConvTranspose", "latent_sample", "sample", 1));
    return folder;
  }

  private static void write(Path file, GraphProto graph) throws Exception {
    Files.write(file, TinyPackage.model(graph).toByteArray());
  }

  /** Channel i of the output reads channel i of the input; the fourth latent is 0. */
  private static GraphProto convolution(String operator, String input, String output, float each) {
    TensorProto.Builder weights = TensorProto.newBuilder().setName("weights").setDataType(FLOAT);
    weights.addDims(4).addDims(3).addDims(2).addDims(2);
    for (int i = 0; i < 4 * 3 * 4; i++) {
      weights.addFloatData(i / 12 == i / 4 % 3 ? each : 0);
    }
    NodeProto.Builder node = TinyPackage.node(operator, output, input, "weights").toBuilder();
    node.addAttribute(
        AttributeProto.newBuilder()
            .setName("strides")
            .setType(AttributeProto.AttributeType.INTS)
            .addInts(2)
            .addInts(2));
    boolean encoder = input.equals("sample");
    return GraphProto.newBuilder()
        .setName("tiny")
        .addInitializer(weights)
        .addInput(TinyPackage.value(input, FLOAT, "N", encoder ? "3" : "4", "h", "w"))
        .addOutput(TinyPackage.value(output, FLOAT, "N", encoder ? "4" : "3", "H", "W"))
        .addNode(node)
        .build();
  }

  @Test
  void aDecodedPictureIsTheSampleWithoutScaling() throws Exception {
    StageOutcome.Picture picture = render(write("latents"), "");
    float[] sample = picture.sample().values();
    float[] pixels = picture.pixels().values();
    for (int i = 0; i < pixels.length; i++) {
      int x = i % SIDE;
      int y = i / SIDE % SIDE;
      int cell = i / SIDE / SIDE * CELLS * CELLS + y / 2 * CELLS + x / 2;
      assertThat(pixels[i]).isCloseTo(sample[cell], within(1e-6f));
    }
  }

  @Test
  void keptLatentsAreThoseOfTheEncoderWithoutADraw() throws Exception {
    byte[] pixels = new byte[SIDE * SIDE * 3];
    new SplittableRandom(1).nextBytes(pixels);
    Pixels start = new Pixels(SIDE, SIDE, 3, pixels);
    String kept =
        ", \"image\": %s, \"mask_image\": %s"
            .formatted(data(start), data(new Pixels(SIDE, SIDE, 3, new byte[pixels.length])));
    StageOutcome.Picture picture = render(write("latents"), kept);
    float[] tensor = start.toTensor();
    float[] sample = picture.sample().values();
    for (int i = 0; i < 3 * CELLS * CELLS; i++) {
      int from = i / CELLS / CELLS * SIDE * SIDE + i / CELLS % CELLS * 2 * SIDE + i % CELLS * 2;
      float sum = tensor[from] + tensor[from + 1] + tensor[from + SIDE] + tensor[from + SIDE + 1];
      assertThat(sample[i]).isCloseTo(sum / 4, within(1e-6f));
    }
    assertThat(IntStream.range(3 * CELLS * CELLS, sample.length).mapToObj(i -> sample[i]))
        .containsOnly(0f);
  }

  private static String data(Pixels pixels) {
    byte[] file = PngWriter.write(pixels, List.of(), 1);
    return "{\"data\": \"" + Base64.getEncoder().encodeToString(file) + "\"}";
  }

  private static StageOutcome.Picture render(Path folder, String more) throws Exception {
    try (DirectEngine directEngine = new DirectEngine(1, EngineObserver.NONE, folder)) {
      return directEngine
          .render(
              directEngine.request(
                  """
                  {"id": "t", "kind": "generate", "model": "taesd", "prompt": "a fox", "seed": 3,
                   "width": 32, "height": 32, "num_inference_steps": 2,
                   "scheduler": {"_class_name": "ddim"}%s}
                  """
                      .formatted(more)))
          .get(0);
    }
  }

  @Test
  void theFactorIsThatOfItsBlocksAndOtherFactorsAreRefused() throws Exception {
    Path folder = write("latents");
    assertThat(PackageReader.read(folder).card().space())
        .isEqualTo(
            Space.latents(2, 1)
                .withEncoder()
                .decodedBy(PackageReader.read(folder).card().space().decodeTile()));
    DerivedPackages.edit(
        folder.resolve("vae_decoder/config.json"),
        config -> config.put("upsampling_scaling_factor", 4));
    assertThatThrownBy(() -> PackageReader.read(folder))
        .isInstanceOf(BrokenPackage.class)
        .hasMessageContaining("upsampling_scaling_factor: must be 2, is 4");
  }

  @Test
  void anEncoderOfOtherOutputsIsNotUsed() throws Exception {
    List<Boolean> encodes = new ArrayList<>();
    for (String output : List.of("latent_sample", "latent_parameters", "other")) {
      encodes.add(PackageReader.read(write(output)).card().space().encodes());
    }
    assertThat(encodes).containsExactly(true, false, false);
  }
}
