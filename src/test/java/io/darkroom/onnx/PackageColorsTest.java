package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.darkroom.DirectEngine;
import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageOutcome;
import io.darkroom.image.BlockMeans;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.LatentColors;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Tests the colours in which previews show the channels of latents. */
@TestInstance(Lifecycle.PER_CLASS)
class PackageColorsTest {
  private static final Path EMOJI_64 = Packages.STARTER.resolve("emoji-64");
  private static final List<String> PROMPTS =
      List.of("panda face", "soccer ball", "red apple", "sunflower", "blue heart", "fox face");

  /** The least of the six was 0.942 when this was written, the mean 0.955. */
  private static final double LEAST_CORRELATION = 0.92;

  @TempDir Path folder;
  private OrtNetworks networks;

  @BeforeAll
  void open() throws BrokenPackage {
    networks = Packages.load(EMOJI_64);
  }

  @AfterAll
  void close() {
    networks.close();
  }

  private Optional<LatentColors> colors(Path of) throws BrokenPackage {
    return PackageColors.of(
        of, (OrtLatentCodec) networks.latentCodec().orElseThrow(), networks.card());
  }

  @Test
  void thePreviewOfAFinishedPictureLooksLikeIt() throws Exception {
    LatentColors colors = networks.findings().colors().orElseThrow();
    try (DirectEngine directEngine = new DirectEngine(4, EngineObserver.NONE, EMOJI_64)) {
      for (String prompt : PROMPTS) {
        StageOutcome.Picture finished =
            directEngine.render(directEngine.request(request(prompt))).get(0);
        float[] preview = clamped(colors.picture(finished.sample().values()));
        float[] picture = clamped(small(finished.pixels(), finished.sample().shape()));
        assertThat(correlation(preview, picture)).as(prompt).isGreaterThan(LEAST_CORRELATION);
      }
    }
  }

  private static String request(String prompt) {
    return """
        {"id": "preview", "kind": "generate", "model": "emoji-64", "prompt": "%s",
         "num_inference_steps": 12, "guidance_scale": 3.0, "seed": 8}"""
        .formatted(prompt);
  }

  private static float[] small(Tensor pixels, Shape cells) {
    Shape shape = pixels.shape();
    BlockMeans means =
        new BlockMeans(
            shape.channels(),
            shape.height(),
            shape.width(),
            shape.height(),
            shape.width(),
            shape.width() / cells.width());
    float[] small = new float[means.smallSize()];
    means.shrink(pixels.values(), small);
    return small;
  }

  private static float[] clamped(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(-1, Math.min(1, values[i]));
    }
    return values;
  }

  /** Pearson's, over all colours of all pixels. */
  private static double correlation(float[] a, float[] b) {
    double meanA = mean(a);
    double meanB = mean(b);
    double together = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      together += (a[i] - meanA) * (b[i] - meanB);
      squaresA += (a[i] - meanA) * (a[i] - meanA);
      squaresB += (b[i] - meanB) * (b[i] - meanB);
    }
    return together / Math.sqrt(squaresA * squaresB);
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  @Test
  void theColoursOfADecoderThatIsLinearAreFoundExactly() {
    double[][] factors = {{0.3, -0.2, 0.1}, {0, 0.5, -0.4}};
    double[] bias = {0.1, -0.1, 0.2};
    LatentColors sought = new LatentColors(factors, bias);
    LatentColors found =
        ColorFit.of(
            latents ->
                new Tensor(
                    sought.picture(latents.values()),
                    new Shape(3, latents.shape().height(), latents.shape().width())),
            new Shape(2, 6, 10));
    float[] cells = {0.5f, -1, 2, 0, 0.25f, 3};

    assertThat(found.picture(cells)).containsExactly(sought.picture(cells), within(1e-5f));
  }

  @Test
  void openingAgainFindsTheSameColours() throws BrokenPackage {
    float[] cells = {0.5f, -1, 2, 0.25f};

    assertThat(colors(EMOJI_64).orElseThrow().picture(cells))
        .isEqualTo(networks.findings().colors().orElseThrow().picture(cells));
  }

  @Test
  void thePackagesColorsOverrideFittedOnes() throws IOException, BrokenPackage {
    says(
        "'latent_rgb_factors':[[1,0,0],[0,1,0],[0,0,1],[0,0,0]],'latent_rgb_factors_bias':[0,0,1]");

    assertThat(colors(folder).orElseThrow().picture(new float[] {0.5f, -0.5f, 0.25f, 7}))
        .containsExactly(0.5f, -0.5f, 1.25f);
  }

  @Test
  void otherThanThreeColoursOfEachChannelBreaksThePackage() throws IOException {
    says("'latent_rgb_factors':[[1,0,0],[0,1,0],[0,0,1]]");
    assertThatThrownBy(() -> colors(folder))
        .isInstanceOf(BrokenPackage.class)
        .hasMessageContaining("latent_rgb_factors: must be 4 lists, one for each channel, are 3");
    says("'latent_rgb_factors':[[1,0,0],[0,1,0],[0,0,NaN],[0,0,1]]");
    assertThatThrownBy(() -> colors(folder))
        .isInstanceOf(BrokenPackage.class)
        .hasMessageContaining("latent_rgb_factors: must be 3 finite numbers");
    says("'latent_rgb_factors':[[1,0,0],[0,1,0],[0,0,1],[0,0,1]],'latent_rgb_factors_bias':[1]");
    assertThatThrownBy(() -> colors(folder))
        .isInstanceOf(BrokenPackage.class)
        .hasMessageContaining("latent_rgb_factors_bias: must be 3 finite numbers");
  }

  private void says(String keys) throws IOException {
    Path file = folder.resolve("vae_decoder/config.json");
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, "{" + keys.replace('\'', '"') + "}");
  }

  @Test
  void aDecoderThatGivesNanHasNoColours() {
    assertThatThrownBy(
            () ->
                ColorFit.of(
                    latents -> new Tensor(nan(3 * 16), new Shape(3, 4, 4)), new Shape(4, 4, 4)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static float[] nan(int count) {
    float[] values = new float[count];
    Arrays.fill(values, Float.NaN);
    return values;
  }
}
