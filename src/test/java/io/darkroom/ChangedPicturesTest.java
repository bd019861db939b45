package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageOutcome;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import io.darkroom.image.Resampling;
import io.darkroom.job.RenderRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Tests image-to-image and inpainting: kept parts, sizes and equal bits. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChangedPicturesTest {
  private static final Path SD_MINI = Path.of("src/test/resources/pipelines/packages/sd-mini");
  private static final List<String> SAMPLERS =
      List.of("ddim", "ddpm", "deis", "euler", "euler_a", "heun", "dpmpp_2m", "unipc", "lms");

  private DirectEngine directEngine;

  @BeforeAll
  void open() throws Exception {
    Path starter = DirectEngine.STARTER.resolve("emoji-32");
    directEngine = new DirectEngine(24, EngineObserver.NONE, starter, SD_MINI);
  }

  @AfterAll
  void close() {
    directEngine.close();
  }

  @Test
  void requestsTogetherGiveTheSameBitsAsAlone() {
    List<RenderRequest> requests = new ArrayList<>();
    for (int i = 0; i < SAMPLERS.size(); i++) {
      String mask = i % 2 == 0 ? "" : masked(i, 32);
      requests.add(pixels("p" + i, SAMPLERS.get(i), 0.7, mask));
      if (i < 4) {
        requests.add(latents("l" + i, SAMPLERS.get(i), i % 2 == 0 ? masked(i, 32) : ""));
      }
    }
    requests.add(pixels("repaint", "repaint", 1, masked(5, 32)));
    List<float[]> alone = new ArrayList<>();
    requests.forEach(request -> alone.add(pixels(directEngine.render(List.of(request)).get(0))));
    Collections.reverse(requests);
    List<StageOutcome> together = directEngine.render(requests);
    for (int i = 0; i < requests.size(); i++) {
      assertThat(pixels(together.get(i)))
          .as("%s", requests.get(i).id())
          .isEqualTo(alone.get(alone.size() - 1 - i));
    }
  }

  @Test
  void blackPartsOfTheMaskKeepThePicture() {
    byte[] start = noise(32, 3);
    for (String sampler : List.of("ddim", "euler_a", "pndm", "heun", "dpmpp_2m", "repaint")) {
      String half = ", " + picture("mask_image", 32, leftHalf(32));
      RenderRequest request = pixels("kept-" + sampler, sampler, 1, half);
      float[] result = pixels(directEngine.render(List.of(request)).get(0));
      float[] given = Pixels.ofTensor(result, 3, 32, 32).toTensor();
      float[] expected = new Pixels(32, 32, 3, start).toTensor();
      int same = 0;
      for (int i = 0; i < given.length; i++) {
        same += i % 32 >= 16 && given[i] == expected[i] ? 1 : 0;
      }
      assertThat(same).as("kept elements with %s", sampler).isEqualTo(given.length / 2);
    }
  }

  @Test
  void aWeakerStrengthStaysNearerToThePicture() {
    float[] start = new Pixels(32, 32, 3, noise(32, 3)).toTensor();
    double before = 0;
    for (double strength : List.of(0.1, 0.4, 0.9)) {
      RenderRequest request = pixels("s" + strength, "ddim", strength, "");
      float[] result = pixels(directEngine.render(List.of(request)).get(0));
      double distance = 0;
      for (int i = 0; i < start.length; i++) {
        distance += Math.abs(start[i] - result[i]);
      }
      assertThat(distance).as("with strength %s", strength).isGreaterThan(before);
      before = distance;
    }
  }

  @Test
  void aPictureOfAnotherSizeIsRefusedWithoutResize() {
    String other = picture("image", 48, noise(48, 4));
    assertThatThrownBy(() -> directEngine.render(request("emoji-32", "exact", "ddim", other)))
        .hasMessageContaining("/image")
        .hasMessageContaining("must be 32x32, is 48x48; set resize to fit or fill");
  }

  /** A black mask keeps all of the resized picture. */
  @Test
  void fitAndFillGiveThePixelsOfTheResampledPicture() {
    Pixels start = new Pixels(48, 32, 3, noise(48 * 32, new Random(4)));
    String more = picture("image", start) + ", " + picture("mask_image", 32, new byte[32 * 32 * 3]);
    Resampling from = new Resampling(3, start.height(), start.width());
    float[] fitted = from.fit(start.toTensor(), 32, 32);
    float[] filled = from.fill(start.toTensor(), 32, 32);
    assertThat(fitted).isNotEqualTo(filled);
    assertThat(resized("fit", more)).isEqualTo(fitted);
    assertThat(resized("fill", more)).isEqualTo(filled);
  }

  /** The mask is 64 x 32, white in 24 columns: 12 when it is scaled, 8 of the centre. */
  @Test
  void aMaskOfAnotherSizeIsResizedLikeAPicture() {
    byte[] white = new byte[64 * 32 * 3];
    for (int i = 0; i < white.length; i++) {
      white[i] = (byte) (i / 3 % 64 < 24 ? 255 : 0);
    }
    byte[] start = noise(32, 3);
    float[] picture = new Pixels(32, 32, 3, start).toTensor();
    String more =
        picture("image", 32, start) + ", " + picture("mask_image", new Pixels(64, 32, 3, white));
    assertThat(changedColumns(resized("fit", more), picture)).isEqualTo(12);
    assertThat(changedColumns(resized("fill", more), picture)).isEqualTo(8);
  }

  private float[] resized(String resize, String more) {
    RenderRequest request =
        request("emoji-32", resize, "ddim", more + ", \"resize\": \"" + resize + "\"");
    return directEngine.render(request).get(0).pixels().values();
  }

  /** Returns the number of columns with changes; they must be the first ones. */
  private static int changedColumns(float[] result, float[] picture) {
    int columns = 0;
    for (int i = 0; i < result.length; i++) {
      if (result[i] != picture[i]) {
        columns = Math.max(columns, i % 32 + 1);
      }
    }
    return columns;
  }

  private static String picture(String field, Pixels pixels) {
    byte[] file = PngWriter.write(pixels, List.of(), 1);
    return "\"%s\": {\"data\": \"%s\"}".formatted(field, Base64.getEncoder().encodeToString(file));
  }

  private static byte[] noise(int pixels, Random random) {
    byte[] samples = new byte[pixels * 3];
    random.nextBytes(samples);
    return samples;
  }

  private RenderRequest pixels(String id, String sampler, double strength, String more) {
    String image = picture("image", 32, noise(32, 3));
    return request("emoji-32", id, sampler, image + ", \"strength\": " + strength + more);
  }

  private RenderRequest latents(String id, String sampler, String more) {
    String image = picture("image", 32, noise(32, 5)) + ", \"prompt\": \"a cat\"";
    return request("sd-mini", id, sampler, image + ", \"guidance_scale\": 3" + more);
  }

  private RenderRequest request(String model, String id, String sampler, String more) {
    return directEngine.request(
        """
        {"id": "%s", "kind": "generate", "model": "%s", "width": 32, "height": 32,
         "num_inference_steps": 10, "seed": 9, "scheduler": {"_class_name": "%s"}, %s}
        """
            .formatted(id, model, sampler, more));
  }

  private static String masked(int seed, int side) {
    return ", " + picture("mask_image", side, noise(side, seed));
  }

  private static String picture(String field, int side, byte[] samples) {
    return picture(field, new Pixels(side, side, 3, samples));
  }

  private static byte[] noise(int side, int seed) {
    return noise(side * side, new Random(seed));
  }

  /** White on the left. */
  private static byte[] leftHalf(int side) {
    byte[] samples = new byte[side * side * 3];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (i / 3 % side < side / 2 ? 255 : 0);
    }
    return samples;
  }

  private static float[] pixels(StageOutcome outcome) {
    assertThat(outcome).isInstanceOf(StageOutcome.Done.class);
    return ((StageOutcome.Done) outcome).pictures().get(0).pixels().values();
  }
}
