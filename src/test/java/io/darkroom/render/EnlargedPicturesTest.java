package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.darkroom.image.Bilinear;
import io.darkroom.image.DeepPixels;
import io.darkroom.image.DeepPngReader;
import io.darkroom.image.IccProfile;
import io.darkroom.image.PictureReader;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderOutcome;
import io.darkroom.json.EventCodec;
import io.darkroom.json.Schemas;
import io.darkroom.onnx.EnlargingPackage;
import io.darkroom.onnx.PackageReader;
import io.darkroom.replay.StoredFiles;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Enlargements of grey pictures with 8 and 16 bits, of transparent pictures and of pictures with a
 * colour profile. The networks predict the bilinear enlargement, so that the results are known.
 */
class EnlargedPicturesTest {
  private static final int WIDTH = 20;
  private static final int HEIGHT = 11;
  private static final String SCANNER =
      "\"data_mean\": [20000], \"data_std\": [9000], \"data_dtype\": \"uint16\",";

  @TempDir static Path folder;
  private static TestWorker darkroom;

  @BeforeAll
  static void open() throws Exception {
    darkroom = new TestWorker(folder.resolve("store"), "emoji-sr4");
    darkroom.serve(EnlargingPackage.write(folder.resolve("grey"), 1, ""));
    darkroom.serve(EnlargingPackage.write(folder.resolve("scanner"), 1, SCANNER));
    darkroom.serve(EnlargingPackage.write(folder.resolve("colour"), 3, ""));
  }

  @AfterAll
  static void close() {
    darkroom.close();
  }

  private static Settlement settle(String model, byte[] file, String more) {
    return darkroom.settle(
        "{'id':'%s','kind':'upscale','model':'%s','num_inference_steps':2,'image':{'data':'%s'}%s}"
            .formatted(
                "e-" + Integer.toHexString(Arrays.hashCode(file) * 31 + (model + more).hashCode()),
                model,
                Base64.getEncoder().encodeToString(file),
                more));
  }

  private static Manifest enlarge(String model, byte[] file, String more) {
    Settlement settled = settle(model, file, more);
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

  private static Raster raster(byte[] png) throws Exception {
    return ImageIO.read(new ByteArrayInputStream(png)).getRaster();
  }

  /** A scan of 12 bits: numbers from 100 to 4095. */
  private static float[] scan() {
    float[] numbers = new float[WIDTH * HEIGHT];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = 100 + (int) (3995 * (0.5 + 0.5 * Math.sin(i * 0.37)));
    }
    numbers[7] = 100;
    numbers[8] = 4095;
    return numbers;
  }

  private static byte[] deep(float[] numbers) {
    return PngWriter.write(
        DeepPixels.of(numbers, 1, HEIGHT, WIDTH), List.of(), 6, Optional.empty());
  }

  private static float[] doubled(float[] numbers) {
    return Bilinear.enlarge(numbers, 1, HEIGHT, WIDTH, 2);
  }

  private static byte[] png(int channels, int... samples) {
    byte[] bytes = new byte[samples.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) samples[i];
    }
    int pixels = samples.length / channels;
    return PngWriter.write(new Pixels(pixels / 2, 2, channels, bytes), List.of(), 6);
  }

  /** Six pixels of colours and opacities. */
  private static byte[] transparent() {
    return png(
        4, 250, 10, 20, 255, 1, 2, 3, 0, 90, 200, 30, 128, 7, 8, 9, 255, 0, 0, 255, 51, 0, 0, 0,
        77);
  }

  private static byte[] profiled(ICC_Profile profile) {
    byte[] file = png(3, 250, 10, 20, 1, 2, 3, 90, 200, 30, 7, 8, 9);
    Deflater deflater = new Deflater();
    deflater.setInput(profile.getData());
    deflater.finish();
    byte[] compressed = new byte[1 << 14];
    int length = deflater.deflate(compressed);
    deflater.end();
    ByteBuffer typed = ByteBuffer.allocate(4 + 6 + length);
    typed.put("iCCPname\0\0".getBytes(StandardCharsets.US_ASCII)).put(compressed, 0, length);
    CRC32 crc = new CRC32();
    crc.update(typed.array());
    return ByteBuffer.allocate(file.length + 8 + typed.capacity())
        .put(file, 0, 33)
        .putInt(typed.capacity() - 4)
        .put(typed.array())
        .putInt((int) crc.getValue())
        .put(file, 33, file.length - 33)
        .array();
  }

  private static String format(String name) {
    return ",'output':{'format':'" + name + "'}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "grey|1|",
        "grey|1|,'output':{'bits':16}",
        "grey|40|,'tile':{'size':8,'overlap':4}",
        "scanner|1|,'output':{'format':'png'}"
      })
  void aScanStaysAtSixteenBitsInItsRange(String model, int margin, @Nullable String more)
      throws Exception {
    Manifest manifest = enlarge(model, deep(scan()), more == null ? "" : more);
    assertThat(manifest.outputs().get(0).shape()).containsExactly(1, 2 * HEIGHT, 2 * WIDTH);
    assertThat(manifest.request().get("output")).asString().contains("bits=16");
    float[] stored = DeepPngReader.read(file(manifest), 1 << 16).orElseThrow();
    float[] expected = doubled(scan());
    for (int i = 0; i < stored.length; i++) {
      assertThat(stored[i]).isBetween(expected[i] - margin, expected[i] + margin);
    }
    assertThat(new StoredFiles(darkroom.store()).check(manifest)).isEmpty();
  }

  @Test
  void aScanOfOneValueKeepsIt() throws Exception {
    float[] even = new float[WIDTH * HEIGHT];
    Arrays.fill(even, 777);
    float[] stored =
        DeepPngReader.read(file(enlarge("grey", deep(even), "")), 1 << 16).orElseThrow();
    assertThat(stored).containsOnly(777);
  }

  @ParameterizedTest
  @ValueSource(strings = {",'output':{'bits':8}", ",'output':{'format':'jpeg'}"})
  void aScanIsReadWithEightBitsIfTheResultHasThem(String output) throws Exception {
    Manifest manifest = enlarge("grey", deep(scan()), output);
    Raster stored = raster(file(manifest));
    assertThat(stored.getSampleModel().getSampleSize(0)).isEqualTo(8);
    assertThat(stored.getSample(2 * 8, 0, 0)).isBetween(5, 17); // 4095 is 16 of 255
  }

  @Test
  void anEightBitGreyPictureStaysOne() throws Exception {
    byte[] samples = new byte[WIDTH * HEIGHT];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (i * 7);
    }
    Pixels grey = new Pixels(WIDTH, HEIGHT, 1, samples);
    Manifest manifest = enlarge("grey", PngWriter.write(grey, List.of(), 6), "");
    assertThat(manifest.warnings()).isEmpty();
    float[] expected = Bilinear.enlarge(grey.toTensor(), 1, HEIGHT, WIDTH, 2);
    Raster stored = raster(file(manifest));
    assertThat(stored.getNumBands()).isEqualTo(1);
    assertThat(stored.getSampleModel().getSampleSize(0)).isEqualTo(8);
    for (int i = 0; i < expected.length; i++) {
      double sample = stored.getSample(i % (2 * WIDTH), i / (2 * WIDTH), 0);
      assertThat(sample).isCloseTo(127.5 * (expected[i] + 1), within(0.51));
    }
  }

  @Test
  void coloursBecomeGreyForAGreyModel() throws Exception {
    Manifest manifest = enlarge("grey", png(3, 255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9), "");
    Raster stored = raster(file(manifest));
    // The weights of ITU-R BT.601, at the corners, which only one pixel determines.
    assertThat(stored.getSample(0, 0, 0)).isEqualTo(76);
    assertThat(stored.getSample(3, 0, 0)).isEqualTo(150);
    assertThat(stored.getSample(0, 3, 0)).isEqualTo(29);
    assertThat(stored.getSample(3, 3, 0)).isEqualTo(9);
  }

  @Test
  void opacityIsTheBilinearEnlargement() throws Exception {
    Manifest manifest = enlarge("colour", transparent(), "");
    assertThat(manifest.outputs().get(0).shape()).containsExactly(4, 4, 6);
    assertThat(manifest.warnings()).isEmpty();
    float[] opacity = {255, 0, 128, 255, 51, 77};
    float[] expected = Bilinear.enlarge(opacity, 1, 2, 3, 2);
    Raster stored = raster(file(manifest));
    assertThat(stored.getNumBands()).isEqualTo(4);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) stored.getSample(i % 6, i / 6, 3)).isCloseTo(expected[i], within(0.51));
    }
    assertThat(new StoredFiles(darkroom.store()).check(manifest)).isEmpty();
  }

  @Test
  void aTransparentResultOnWhiteIsTheResultOfThePictureOnWhite() throws Exception {
    PictureReader reader = new PictureReader(1 << 10, 1 << 16);
    byte[] onWhite = PngWriter.write(reader.read(transparent()), List.of(), 6);
    Pixels expected = reader.read(file(enlarge("colour", onWhite, "")));
    Pixels result = reader.read(file(enlarge("colour", transparent(), "")));
    for (int i = 0; i < expected.toBytes().length; i++) {
      int wanted = expected.toBytes()[i] & 0xff;
      assertThat(result.toBytes()[i] & 0xff).isBetween(wanted - 1, wanted + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",'tile':{'size':8,'overlap':2}"})
  void theStarterKeepsTheOpacity(String tile) throws Exception {
    byte[] samples = new byte[4 * 12 * 10];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (i * 11);
    }
    byte[] picture = PngWriter.write(new Pixels(12, 10, 4, samples), List.of(), 6);
    Manifest manifest = enlarge("emoji-sr4", picture, tile);
    assertThat(manifest.outputs().get(0).shape()).containsExactly(4, 40, 48);
    assertThat(new StoredFiles(darkroom.store()).check(manifest)).isEmpty();
  }

  @Test
  void greyWithOpacityAndACascadeOfGreyModels() throws Exception {
    String then = ",'then':[{'kind':'upscale','model':'grey','num_inference_steps':2}]";
    Manifest manifest = enlarge("grey", png(2, 10, 255, 20, 0, 30, 128, 40, 255), then);
    assertThat(manifest.outputs().get(0).shape()).containsExactly(2, 8, 8);
    Raster stored = raster(file(manifest));
    float[] expected = Bilinear.enlarge(new float[] {255, 0, 128, 255}, 1, 2, 2, 4);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) stored.getSample(i % 8, i / 8, 1)).isCloseTo(expected[i], within(0.51));
    }
    assertThat(new StoredFiles(darkroom.store()).check(manifest)).isEmpty();
  }

  @Test
  void anOpaquePictureWithAnAlphaChannelGivesAnOpaqueResult() {
    Manifest manifest = enlarge("colour", png(4, 1, 2, 3, 255, 4, 5, 6, 255), "");
    assertThat(manifest.outputs().get(0).shape()).containsExactly(3, 4, 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "webp", "npy"})
  void formatsWithoutOpacityAreNamedInAWarning(String format) {
    Manifest manifest = enlarge("colour", transparent(), format(format));
    assertThat(manifest.outputs().get(0).shape()).containsExactly(3, 4, 6);
    assertThat(manifest.warnings())
        .containsExactly(
            "/image: its transparent parts are blended with white, because "
                + format
                + " files of these results have no opacity");
  }

  @Test
  void theColourProfileIsKept() throws Exception {
    ICC_Profile profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB);
    for (String format : List.of("png", "jpeg")) {
      Manifest manifest = enlarge("colour", profiled(profile), format(format));
      assertThat(manifest.warnings())
          .containsExactly(
              "/image: its colour profile is kept in the results, whose colours are not converted");
      PictureReader reader = new PictureReader(1 << 10, 1 << 16);
      IccProfile stored = reader.readSource(file(manifest), 3, false).profile().orElseThrow();
      assertThat(stored.toBytes()).isEqualTo(profile.getData());
      Manifest again = enlarge("colour", file(manifest), format("png"));
      assertThat(reader.readSource(file(again), 3, false).profile().orElseThrow().toBytes())
          .isEqualTo(profile.getData());
    }
    byte[] webp = file(enlarge("colour", profiled(profile), format("webp")));
    assertThat(new String(webp, StandardCharsets.ISO_8859_1))
        .contains("ICCP")
        .contains(new String(profile.getData(), StandardCharsets.ISO_8859_1));
  }

  @Test
  void aProfileThatDoesNotFitIsLeftOut() {
    ICC_Profile colour = ICC_Profile.getInstance(ColorSpace.CS_sRGB);
    ICC_Profile grey = ICC_Profile.getInstance(ColorSpace.CS_GRAY);
    String unfit =
        "/image: its colour profile is left out, because it is damaged, larger than 1 MiB, or not"
            + " for results with %d channels";
    assertThat(enlarge("colour", profiled(grey), "").warnings())
        .containsExactly(unfit.formatted(3));
    assertThat(enlarge("grey", profiled(colour), "").warnings())
        .containsExactly(unfit.formatted(1));
    assertThat(enlarge("colour", profiled(colour), format("npy")).warnings())
        .containsExactly("/image: its colour profile is left out, because npy files have none");
  }

  @Test
  void modelsOfOtherChannelsAreRefused() throws Exception {
    String two = ",'then':[{'kind':'upscale','model':'grey','num_inference_steps':2}]";
    assertThat(violations("colour", two))
        .containsExactly(
            "/then/0/model: must follow a model whose images have 1 channels; those of colour have"
                + " 3");
    assertThatThrownBy(
            () -> PackageReader.read(EnlargingPackage.write(folder.resolve("pairs"), 2, "")))
        .hasMessageContaining("must have 1 or 3 channels of an image to enlarge, has 2");
    assertThat(violations("colour", ",'output':{'bits':16}"))
        .containsExactly(
            "/output/bits: must be those of png for colour, is 16: the formats of the model are jpeg"
                + " (8 bits), npy (float32), png (8 bits) or webp (8 bits)");
  }

  private static List<String> violations(String model, String more) {
    RenderOutcome.Rejected rejected =
        (RenderOutcome.Rejected) settle(model, transparent(), more).outcome();
    return rejected.problem().violations().stream()
        .map(violation -> violation.pointer() + ": " + violation.message())
        .toList();
  }
}
