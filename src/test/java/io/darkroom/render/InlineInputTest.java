package io.darkroom.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.darkroom.image.JpegWriter;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderOutcome;
import io.darkroom.json.Decoded;
import io.darkroom.json.RequestCodec;
import io.darkroom.text.Sha256;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that an inline picture is stored, and that the effective request names it. */
class InlineInputTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static TestWorker darkroom;

  @BeforeAll
  static void open() {
    darkroom = new TestWorker(folder, "emoji-sr4");
  }

  @AfterAll
  static void close() {
    darkroom.close();
  }

  private static Pixels picture() {
    byte[] samples = new byte[8 * 6 * 3];
    new Random(3).nextBytes(samples);
    return new Pixels(8, 6, 3, samples);
  }

  private static String request(String id, byte[] file, String more) {
    return """
        {"id": "%s", "kind": "upscale", "model": "emoji-sr4", "num_inference_steps": 2,
         "noise_level": 1, "image": {"data": "%s"}%s}
        """
        .formatted(id, Base64.getEncoder().encodeToString(file), more);
  }

  private static String prefix(String prefix) {
    return ", \"output\": {\"prefix\": \"" + prefix + "\"}";
  }

  private static Manifest completed(String request, boolean reused) {
    RenderOutcome outcome = darkroom.settle(request.getBytes(UTF_8), "application/json").outcome();
    assertThat(outcome).isInstanceOf(RenderOutcome.Completed.class);
    RenderOutcome.Completed completed = (RenderOutcome.Completed) outcome;
    assertThat(completed.reused()).isEqualTo(reused);
    return completed.manifest();
  }

  /** A manifest's effective request under another id. */
  private static String again(Manifest manifest, String id) throws Exception {
    Map<String, Object> effective = new HashMap<>(manifest.request());
    effective.put("id", id);
    return JSON.writeValueAsString(effective);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://pictures/renders/", "s3://other/", "s3://other/a/b/"})
  void anEffectiveRequestRendersTheSamePicture(String prefix) throws Exception {
    byte[] file = PngWriter.write(picture(), List.of(), 6);
    String id = "inline-" + prefix.length();
    Manifest first = completed(request(id, file, prefix(prefix)), false);

    String digest = Sha256.of(file);
    String uri = prefix + id + "/inputs/" + digest.substring(0, 12) + ".png";
    assertThat(first.inputs()).containsExactly(new Manifest.InputFile(uri, digest));
    assertThat(first.request().get("image")).isEqualTo(Map.of("uri", uri, "sha256", digest));
    assertThat(darkroom.store().get(ObjectUri.parse(uri), 1 << 20))
        .hasValueSatisfying(kept -> assertThat(kept).isEqualTo(file));

    Manifest second = completed(again(first, id + "-again"), false);
    assertThat(second.outputs().get(0).pixelsSha256())
        .isEqualTo(first.outputs().get(0).pixelsSha256());
    assertThat(second.inputs()).isEqualTo(first.inputs());
    assertThat(second.request().get("image")).isEqualTo(first.request().get("image"));
  }

  @Test
  void theRequestDigestIsOfTheRequestAsSent() {
    String request = request("digest", PngWriter.write(picture(), List.of(), 6), "");
    Decoded decoded = new RequestCodec(1 << 20).read(request.getBytes(UTF_8), "");

    assertThat(completed(request, false).requestSha256())
        .isEqualTo(((Decoded.Valid) decoded).sha256());
  }

  @Test
  void theSameRequestUnderTheSameIdIsAnsweredAsBefore() {
    byte[] file = PngWriter.write(picture(), List.of(), 6);
    Manifest first = completed(request("same", file, ""), false);

    assertThat(completed(request("same", file, ""), true)).isEqualTo(first);
    assertThat(completed(request("same", file, ", \"render\": \"always\""), true)).isEqualTo(first);
  }

  @Test
  void aJpegIsStoredAsAJpeg() {
    byte[] file = JpegWriter.write(picture(), List.of(), 90);
    String digest = Sha256.of(file);

    assertThat(completed(request("jpeg", file, ""), false).inputs().get(0).uri())
        .isEqualTo("s3://pictures/renders/jpeg/inputs/" + digest.substring(0, 12) + ".jpeg");
  }

  @Test
  void onlyObjectsNamedByTheirDigestAreReadFromABucketOfResults() {
    byte[] file = PngWriter.write(picture(), List.of(), 6);
    String digest = Sha256.of(file);
    String name = "s3://other/inputs/" + digest.substring(0, 12) + ".png";
    String other = "f".repeat(64);
    for (String image :
        List.of(
            "{'uri':'" + name + "'}",
            "{'uri':'" + name + "','sha256':'" + other + "'}",
            "{'uri':'s3://other/0-" + digest.substring(0, 12) + ".png','sha256':'" + digest + "'}",
            "{'uri':'s3://third/inputs/x.png','sha256':'" + digest + "'}")) {
      RenderOutcome outcome =
          darkroom
              .settle("{'id':'peek','kind':'upscale','model':'emoji-sr4','image':" + image + "}")
              .outcome();
      assertThat(((RenderOutcome.Rejected) outcome).problem().kind()).isEqualTo(ErrorClass.INVALID);
    }
  }

  @Test
  void aRequestThatFailsStoresNothing() {
    byte[] broken = PngWriter.write(picture(), List.of(), 6);
    broken[broken.length - 20] ^= 1;
    RenderOutcome outcome =
        darkroom.settle(request("broken", broken, "").getBytes(UTF_8), "").outcome();

    assertThat(((RenderOutcome.Rejected) outcome).problem().kind()).isEqualTo(ErrorClass.INVALID);
    assertThat(folder.resolve("pictures/renders/broken")).doesNotExist();
  }
}
