package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every supported kind of PNG and JPEG, and its pixels. */
class PictureReaderTest {
  private static final PictureReader READER = new PictureReader(1 << 20, 1 << 20);

  @Property(tries = 100)
  void writtenPicturesAreReadBack(
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(max = 9) int level,
      @ForAll long seed)
      throws Exception {
    Pixels pixels = PngWriterTest.random(width, height, 3, seed);
    List<EmbeddedText> texts = List.of(new EmbeddedText("parameters", "x"));
    assertThat(READER.read(PngWriter.write(pixels, texts, level))).isEqualTo(pixels);
  }

  @Test
  void greyIsCopiedToThreeChannels() throws Exception {
    byte[] file = PngWriter.write(new Pixels(2, 1, 1, PngBytes.bytes(7, 200)), List.of(), 6);
    assertThat(READER.read(file)).isEqualTo(rgb(2, 1, 7, 7, 7, 200, 200, 200));
  }

  @Test
  void fewBitsOfGreySpanTheWholeRange() throws Exception {
    byte[] one = new PngBytes().header(3, 1, 1, 0).pixels(0, 0b01000000).end();
    assertThat(READER.read(one)).isEqualTo(rgb(3, 1, 0, 0, 0, 255, 255, 255, 0, 0, 0));
    byte[] two = new PngBytes().header(4, 1, 2, 0).pixels(0, 0b00011011).end();
    assertThat(READER.read(two))
        .isEqualTo(rgb(4, 1, 0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255));
    byte[] four = new PngBytes().header(2, 1, 4, 0).pixels(0, 0x2f).end();
    assertThat(READER.read(four)).isEqualTo(rgb(2, 1, 34, 34, 34, 255, 255, 255));
  }

  @Test
  void transparentPixelsAreBlendedWithWhite() throws Exception {
    byte[] file =
        new PngBytes()
            .header(3, 1, 8, 6)
            .pixels(0, 10, 20, 30, 255, 10, 20, 30, 0, 100, 0, 255, 51)
            .end();
    // A fifth of (100, 0, 255), four fifths of white.
    assertThat(READER.read(file)).isEqualTo(rgb(3, 1, 10, 20, 30, 255, 255, 255, 224, 204, 255));
  }

  @Test
  void transparentGreyIsBlendedWithWhite() throws Exception {
    byte[] file = new PngBytes().header(2, 1, 8, 4).pixels(0, 0, 128, 50, 255).end();
    assertThat(READER.read(file)).isEqualTo(rgb(2, 1, 127, 127, 127, 50, 50, 50));
  }

  @Test
  void palettesAreLookedUpWithTheirTransparency() throws Exception {
    byte[] file =
        new PngBytes()
            .header(4, 1, 2, 3)
            .chunk("PLTE", PngBytes.bytes(1, 2, 3, 250, 0, 0, 9, 9, 9))
            .chunk("tRNS", PngBytes.bytes(255, 255, 0))
            .pixels(0, 0b00011000)
            .end();
    assertThat(READER.read(file)).isEqualTo(rgb(4, 1, 1, 2, 3, 250, 0, 0, 255, 255, 255, 1, 2, 3));
  }

  @Test
  void oneColourCanBeTransparent() throws Exception {
    byte[] colour =
        new PngBytes()
            .header(2, 1, 8, 2)
            .chunk("tRNS", PngBytes.bytes(0, 1, 0, 2, 0, 3))
            .pixels(0, 1, 2, 3, 1, 2, 4)
            .end();
    assertThat(READER.read(colour)).isEqualTo(rgb(2, 1, 255, 255, 255, 1, 2, 4));
    byte[] grey =
        new PngBytes().header(2, 1, 8, 0).chunk("tRNS", PngBytes.bytes(0, 9)).pixels(0, 9, 8).end();
    assertThat(READER.read(grey)).isEqualTo(rgb(2, 1, 255, 255, 255, 8, 8, 8));
  }

  @Test
  void sixteenBitsAreRoundedToEight() throws Exception {
    byte[] file =
        new PngBytes()
            .header(2, 1, 16, 2)
            .pixels(0, 0, 0, 255, 255, 128, 128, 0, 128, 0, 129, 1, 1)
            .end();
    assertThat(READER.read(file)).isEqualTo(rgb(2, 1, 0, 255, 128, 0, 1, 1));
    byte[] grey = new PngBytes().header(1, 1, 16, 0).pixels(0, 128, 128).end();
    assertThat(READER.read(grey)).isEqualTo(rgb(1, 1, 128, 128, 128));
  }

  @Test
  void profilesAndGammaAreNotApplied() throws Exception {
    byte[] file =
        new PngBytes()
            .header(1, 1, 8, 2)
            .chunk("gAMA", PngBytes.bytes(0, 1, 0x86, 0xa0))
            .chunk("iCCP", PngBytes.bytes('x', 0, 0, 1, 2, 3))
            .pixels(0, 10, 100, 200)
            .end();
    assertThat(READER.read(file)).isEqualTo(rgb(1, 1, 10, 100, 200));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void photographsAreRead(boolean progressive) throws Exception {
    Pixels pixels = smooth();
    Pixels read = READER.read(jpeg(pixels, progressive));
    assertThat(read.width()).isEqualTo(40);
    assertThat(read.height()).isEqualTo(24);
    for (int i = 0; i < pixels.toBytes().length; i++) {
      assertThat(read.toBytes()[i] & 0xff).isBetween(level(pixels, i) - 8, level(pixels, i) + 8);
    }
  }

  @Test
  void greyPhotographsAreRead() throws Exception {
    byte[] file = JpegWriter.write(new Pixels(1, 1, 1, PngBytes.bytes(128)), List.of(), 100);
    assertThat(READER.read(file)).isEqualTo(rgb(1, 1, 128, 128, 128));
  }

  @Test
  void profilesTextsAndThumbnailsOfPhotographsAreIgnored() throws Exception {
    byte[] plain = JpegWriter.write(smooth(), List.of(), 90);
    ByteArrayOutputStream laden = new ByteArrayOutputStream();
    laden.write(plain, 0, 2);
    laden.writeBytes(segment(0xe2, "ICC_PROFILE\0\1\1 no profile at all"));
    laden.writeBytes(segment(0xe0, "JFXX\0\20 no thumbnail"));
    laden.writeBytes(segment(0xe1, "Exif\0\0 no directory"));
    laden.writeBytes(segment(0xfe, "a comment"));
    laden.write(plain, 2, plain.length - 2);
    laden.writeBytes(PngBytes.bytes(1, 2, 3));
    assertThat(READER.read(laden.toByteArray())).isEqualTo(READER.read(plain));
  }

  /** The letter F as eight cameras store it (Exif 2.3, tag 0112h). */
  @Test
  void picturesAreTurnedUpright() throws Exception {
    String[] stored = {
      "## #. #.", "## .# .#", ".# .# ##", "#. #. ##", "### #..", "#.. ###", "..# ###", "### ..#"
    };
    for (int number = 1; number <= 8; number++) {
      String[] rows = stored[number - 1].split(" ", -1);
      Pixels turned = READER.read(letter(rows, number));
      assertThat(turned)
          .as("orientation %s", number)
          .isEqualTo(READER.read(letter("## #. #.".split(" ", -1), 1)));
    }
  }

  @Test
  void photographsAreTurnedUpright() throws Exception {
    byte[] plain = JpegWriter.write(smooth(), List.of(), 90);
    ByteArrayOutputStream turned = new ByteArrayOutputStream();
    turned.write(plain, 0, 2);
    turned.writeBytes(segment(0xe1, "Exif\0\0" + new String(exif(6), StandardCharsets.ISO_8859_1)));
    turned.write(plain, 2, plain.length - 2);
    Pixels read = READER.read(turned.toByteArray());
    Pixels lying = READER.read(plain);
    assertThat(read.width()).isEqualTo(24);
    assertThat(read.height()).isEqualTo(40);
    // Turned clockwise: the bottom left corner becomes the top left.
    assertThat(read.sample(0, 0, 0)).isEqualTo(lying.sample(0, 23, 0));
    assertThat(read.sample(23, 0, 1)).isEqualTo(lying.sample(0, 0, 1));
  }

  private static byte[] letter(String[] rows, int orientation) {
    int width = rows[0].length();
    byte[] lines = new byte[rows.length * (width + 1)];
    for (int y = 0; y < rows.length; y++) {
      for (int x = 0; x < width; x++) {
        lines[y * (width + 1) + x + 1] = (byte) (rows[y].charAt(x) == '#' ? 255 : 0);
      }
    }
    return new PngBytes()
        .header(width, rows.length, 8, 0)
        .chunk("eXIf", exif(orientation))
        .chunk("IDAT", PngBytes.deflated(lines))
        .end();
  }

  private static byte[] exif(int orientation) {
    return PngBytes.bytes(
        'M',
        'M',
        0,
        42,
        0,
        0,
        0,
        8,
        0,
        1,
        1,
        0x12,
        0,
        3,
        0,
        0,
        0,
        1,
        0,
        orientation,
        0,
        0,
        0,
        0,
        0,
        0);
  }

  private static byte[] segment(int marker, String content) {
    byte[] data = content.getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(PngBytes.bytes(0xff, marker, (data.length + 2) >> 8, data.length + 2));
    out.writeBytes(data);
    return out.toByteArray();
  }

  static byte[] jpeg(Pixels pixels, boolean progressive) throws Exception {
    BufferedImage image =
        new BufferedImage(pixels.width(), pixels.height(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < pixels.height(); y++) {
      for (int x = 0; x < pixels.width(); x++) {
        int rgb = pixels.sample(x, y, 0) << 16 | pixels.sample(x, y, 1) << 8;
        image.setRGB(x, y, rgb | pixels.sample(x, y, 2));
      }
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setProgressiveMode(
        progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), param);
    }
    writer.dispose();
    return out.toByteArray();
  }

  static Pixels smooth() {
    byte[] samples = new byte[40 * 24 * 3];
    for (int i = 0; i < samples.length; i++) {
      int x = i / 3 % 40;
      int y = i / 120;
      samples[i] = (byte) (40 + 4 * x + 2 * y);
    }
    return new Pixels(40, 24, 3, samples);
  }

  private static int level(Pixels pixels, int i) {
    return pixels.toBytes()[i] & 0xff;
  }

  private static Pixels rgb(int width, int height, int... samples) {
    return new Pixels(width, height, 3, PngBytes.bytes(samples));
  }
}
