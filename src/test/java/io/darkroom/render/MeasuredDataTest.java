package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.ScanPackage;
import io.darkroom.engine.EngineLimits;
import io.darkroom.image.Npy;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderOutcome;
import io.darkroom.json.EventCodec;
import io.darkroom.json.Schemas;
import io.darkroom.replay.StoredFiles;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results of a model of 16-bit data, as PNG files with 16 bits and as NPY files. */
class MeasuredDataTest {
  private static final Path MODEL = Path.of("src/main/models/emoji-32");

  @TempDir static Path folder;
  private static TestWorker darkroom;

  @BeforeAll
  static void open() throws IOException {
    darkroom =
        new TestWorker(folder.resolve("darkroom"), new EngineLimits(8, Duration.ofSeconds(30)));
    for (Path model : List.of(ScanPackage.write(folder.resolve("scans")), MODEL)) {
      darkroom.serve(model);
    }
  }

  @AfterAll
  static void close() {
    darkroom.close();
  }

  private static Settlement settle(String id, String model, String output) {
    return darkroom.settle(
        "{'id':'%s','kind':'generate','model':'%s','class_label':'5','num_inference_steps':3,'seed':4%s}"
            .formatted(id, model, output));
  }

  private static Manifest completed(Settlement settled) {
    assertThat(settled.outcome()).isInstanceOf(RenderOutcome.Completed.class);
    byte[] event =
        new EventCodec("/darkroom/test").terminal(settled.outcome(), 1, TestWorker.NOW).data();
    Schemas.assertValid("render-completed", event);
    return ((RenderOutcome.Completed) settled.outcome()).manifest();
  }

  private static byte[] file(Manifest manifest) {
    ObjectUri uri = ObjectUri.parse(manifest.outputs().get(0).uri());
    return darkroom.store().get(uri, 1 << 20).orElseThrow();
  }

  @Test
  void aPngFileOf16BitsHasTheNumbersOfTheNpyFile() throws Exception {
    Manifest png = completed(settle("png", "scans", ",'output':{'format':'png','bits':16}"));
    Manifest npy = completed(settle("npy", "scans", ""));

    assertThat(png.outputs().get(0).mediaType()).isEqualTo("image/png");
    assertThat(npy.outputs().get(0).mediaType()).isEqualTo("application/x-npy");
    assertThat(png.outputs().get(0).pixelsSha256()).isEqualTo(npy.outputs().get(0).pixelsSha256());
    float[] values = Npy.read(file(npy), 1 << 20).floats();
    Raster raster = ImageIO.read(new ByteArrayInputStream(file(png))).getRaster();
    for (int i = 0; i < values.length; i++) {
      assertThat(raster.getSample(i % 32, i / 32 % 32, i / 1024)).isEqualTo((int) values[i]);
    }
    assertThat(values).contains(0, 65535);
    assertThat(new StoredFiles(darkroom.store()).check(png)).isEmpty();
  }

  @Test
  void theEffectiveRequestHasTheBits() {
    Manifest png = completed(settle("filled", "scans", ",'output':{'format':'png'}"));
    assertThat(png.request().get("output")).asString().contains("bits=16");
    Manifest picture = completed(settle("picture", "emoji-32", ",'output':{'bits':8}"));
    assertThat(picture.request().get("output")).asString().contains("bits=8");
  }

  @Test
  void otherPixelsThanTheRecordedOnesAreFound() {
    Manifest one = completed(settle("one", "scans", ",'output':{'format':'png'}"));
    Manifest other =
        completed(settle("other", "scans", ",'guidance_scale':5,'output':{'format':'png'}"));
    ObjectUri uri = ObjectUri.parse(one.outputs().get(0).uri());
    byte[] original = file(one);
    darkroom.store().put(uri, file(other), "image/png");
    assertThat(new StoredFiles(darkroom.store()).check(one))
        .anyMatch(line -> line.contains("sha256"));
    darkroom.store().put(uri, original, "image/png");
    assertThat(new StoredFiles(darkroom.store()).check(one)).isEmpty();
  }

  @Test
  void otherBitsAreViolationsThatNameTheFormats() {
    assertThat(violations("a", "emoji-32", ",'output':{'format':'png','bits':16}"))
        .containsExactly(
            "/output/bits: must be those of png for emoji-32, is 16: the formats of the model are"
                + " jpeg (8 bits), npy (float32), png (8 bits) or webp (8 bits)");
    assertThat(violations("b", "scans", ",'output':{'format':'png','bits':8}"))
        .containsExactly(
            "/output/bits: must be those of png for scans, is 8: the formats of the model are npy"
                + " (float32) or png (16 bits)");
    assertThat(violations("c", "scans", ",'output':{'bits':16}"))
        .containsExactly(
            "/output/bits: must be those of npy for scans, is 16: the formats of the model are npy"
                + " (float32) or png (16 bits)");
    assertThat(violations("d", "scans", ",'output':{'format':'webp'}"))
        .containsExactly(
            "/output/format: must be npy or png for scans, whose results have 3 channels, is webp");
  }

  private static List<String> violations(String id, String model, String output) {
    RenderOutcome.Rejected rejected = (RenderOutcome.Rejected) settle(id, model, output).outcome();
    return rejected.problem().violations().stream()
        .map(violation -> violation.pointer() + ": " + violation.message())
        .toList();
  }
}
