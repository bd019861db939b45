package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** WebP files, written by libwebp and read by a decoder in Java. */
class WebpWriterTest {
  private static final OptionalInt LOSSLESS = OptionalInt.empty();
  private static final ResultReader READER = new ResultReader(1 << 20, 1 << 24);
  private static final List<EmbeddedText> TEXTS =
      List.of(
          new EmbeddedText("parameters", "a cat 😺"),
          new EmbeddedText("darkroom.request", "{\"prompt\":\"<a> & \\u0001\"}"),
          Xmp.GENERATED);

  @Property(tries = 100)
  void anotherReaderSeesTheSamePixels(
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll boolean grey,
      @ForAll boolean texts,
      @ForAll long seed)
      throws Exception {
    Pixels pixels = PngWriterTest.random(width, height, grey ? 1 : 3, seed);
    byte[] file = WebpWriter.write(pixels, texts ? TEXTS : List.of(), LOSSLESS);
    assertThat(READER.read(file)).isEqualTo(rgb(pixels));
    assertThat(ResultReader.lossless(file)).isTrue();
  }

  @Test
  void theSamePictureGivesTheSameBytes() {
    Pixels pixels = PictureReaderTest.smooth();
    for (OptionalInt quality : List.of(LOSSLESS, OptionalInt.of(80))) {
      assertThat(WebpWriter.write(pixels, TEXTS, quality))
          .isEqualTo(WebpWriter.write(pixels, TEXTS, quality));
    }
  }

  @Test
  void lessQualityIsFewerBytesAndOtherPixels() throws Exception {
    Pixels pixels = PictureReaderTest.smooth();
    byte[] good = WebpWriter.write(pixels, List.of(), OptionalInt.of(95));
    byte[] small = WebpWriter.write(pixels, List.of(), OptionalInt.of(5));
    assertThat(small).hasSizeLessThan(good.length);
    assertThat(ResultReader.lossless(good)).isFalse();
    assertThat(meanDifference(READER.read(good), pixels)).isBetween(0.01, 4.0);
    assertThat(meanDifference(READER.read(small), pixels)).isLessThan(20);
  }

  @Test
  void theExtendedFormHasTheSizeTheFlagsAndTheTexts() {
    byte[] file = WebpWriter.write(PngWriterTest.random(300, 2, 3, 1), TEXTS, LOSSLESS);
    Map<String, ByteBuffer> chunks = chunks(file);
    assertThat(chunks.keySet()).containsExactly("VP8X", "VP8L", "EXIF", "XMP ");
    ByteBuffer extended = chunks.get("VP8X");
    assertThat(extended.getInt(0)).isEqualTo(0x08 | 0x04);
    assertThat(extended.getShort(4)).isEqualTo((short) 299);
    assertThat(extended.getShort(7)).isEqualTo((short) 1);
    assertThat(utf8(chunks.get("EXIF"))).startsWith("MM\0*").contains("UNICODE\0");
    assertThat(utf8(chunks.get("XMP ")))
        .contains("<darkroom:request>{\"prompt\":\"&lt;a&gt; &amp; \\u0001\"}</darkroom:request>");
  }

  @Test
  void withoutTextsItIsTheSimpleForm() {
    byte[] file = WebpWriter.write(PngWriterTest.random(9, 9, 1, 1), List.of(), LOSSLESS);
    assertThat(chunks(file).keySet()).containsExactly("VP8L");
  }

  @Test
  void picturesThatWebpCannotHoldAreRefused() {
    Pixels small = PngWriterTest.random(1, 1, 3, 1);
    for (int quality : new int[] {0, 101}) {
      assertThatThrownBy(() -> WebpWriter.write(small, List.of(), OptionalInt.of(quality)))
          .hasMessage("quality: must be 1 to 100, is " + quality);
    }
    Pixels widest = new Pixels(16383, 1, 1, new byte[16383]);
    assertThat(WebpWriter.write(widest, List.of(), LOSSLESS)).isNotEmpty();
    Pixels wide = new Pixels(16384, 1, 1, new byte[16384]);
    assertThatThrownBy(() -> WebpWriter.write(wide, List.of(), LOSSLESS))
        .hasMessage("width and height: must be at most 16383, are 16384 and 1");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theLibraryLeavesNoFile() throws Exception {
    WebpWriter.write(PngWriterTest.random(1, 1, 3, 1), List.of(), LOSSLESS);
    assertThat(Files.readAllLines(Path.of("/proc/self/maps")))
        .anyMatch(line -> line.contains("libwebp-imageio.so") && line.endsWith("(deleted)"))
        .noneMatch(line -> line.contains("libwebp-imageio.so") && !line.endsWith("(deleted)"));
    String process = processFolder();
    assertThat(Path.of(process)).doesNotExist();
  }

  private static String processFolder() throws Exception {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      String line =
          lines.filter(each -> each.contains("libwebp-imageio.so")).findFirst().orElseThrow();
      String file = line.substring(line.indexOf('/'));
      return file.substring(0, file.lastIndexOf('/'));
    }
  }

  private static Map<String, ByteBuffer> chunks(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.getInt(4)).isEqualTo(file.length - 8);
    Map<String, ByteBuffer> chunks = new LinkedHashMap<>();
    for (int at = 12; at < file.length; ) {
      int length = bytes.getInt(at + 4);
      String name = new String(file, at, 4, StandardCharsets.US_ASCII);
      chunks.put(name, bytes.slice(at + 8, length).order(ByteOrder.LITTLE_ENDIAN));
      at += 8 + length + length % 2;
    }
    return chunks;
  }

  private static String utf8(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  private static double meanDifference(Pixels a, Pixels b) {
    byte[] first = a.toBytes();
    byte[] second = b.toBytes();
    double sum = 0;
    for (int i = 0; i < first.length; i++) {
      sum += Math.abs((first[i] & 0xff) - (second[i] & 0xff));
    }
    return sum / first.length;
  }

  private static Pixels rgb(Pixels pixels) {
    byte[] samples = pixels.toBytes();
    byte[] rgb = new byte[3 * pixels.width() * pixels.height()];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = samples[pixels.channels() == 1 ? i / 3 : i];
    }
    return new Pixels(pixels.width(), pixels.height(), 3, rgb);
  }
}
