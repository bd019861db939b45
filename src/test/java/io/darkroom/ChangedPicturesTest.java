package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageOutcome;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
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

  private Studio studio;

  @BeforeAll
  void open() throws Exception {
    Path starter = Studio.STARTER.resolve("emoji-32");
    studio = new Studio(24, EngineObserver.NONE, starter, SD_MINI);
  }

  @AfterAll
  void close() {
    studio.close();
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
    requests.forEach(request -> alone.add(pixels(studio.render(List.of(request)).get(0))));
    Collections.reverse(requests);
    List<StageOutcome> together = studio.render(requests);
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
      float[] result = pixels(studio.render(List.of(request)).get(0));
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
      float[] result = pixels(studio.render(List.of(request)).get(0));
      double distance = 0;
      for (int i = 0; i < start.length; i++) {
        distance += Math.abs(start[i] - result[i]);
      }
      assertThat(distance).as("with strength %s", strength).isGreaterThan(before);
      before = distance;
    }
  }

  @Test
  void aPictureOfAnotherSizeIsResized() {
    String other = picture("image", 48, noise(48, 4));
    assertThatThrownBy(() -> studio.render(request("emoji-32", "exact", "ddim", other)))
        .hasMessageContaining("/image")
        .hasMessageContaining("must be 32x32, is 48x48; set resize to fit or fill");
    for (String resize : List.of("fit", "fill")) {
      String more = other + ", \"resize\": \"" + resize + "\"";
      assertThat(studio.render(request("emoji-32", resize, "ddim", more)).get(0).pixels().shape())
          .hasToString("3x32x32");
    }
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
    return studio.request(
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
    byte[] file = PngWriter.write(new Pixels(side, side, 3, samples), List.of(), 1);
    return "\"%s\": {\"data\": \"%s\"}".formatted(field, Base64.getEncoder().encodeToString(file));
  }

  private static byte[] noise(int side, int seed) {
    byte[] samples = new byte[side * side * 3];
    new Random(seed).nextBytes(samples);
    return samples;
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
