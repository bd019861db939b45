package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import io.darkroom.image.UnreadablePicture.Reason;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Malicious files: each is refused with a reason, and none uses much memory. */
class HostilePictureTest {
  private static final PictureReader READER = new PictureReader(1 << 20, 1 << 24);

  /** 8 x 8 pixels of CMYK, written by Pillow 9.4. */
  private static final String CMYK =
      "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwBQNzxGPDJQRkFGWlVQX3jIgnhubnj1r7mRyP///////////////////////////////////////////////////8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwC5VurVWa//2Q==";

  @ParameterizedTest
  @ValueSource(
      strings = {"", "G", "GIF89a..........", "BM..............", "RIFF....WEBPVP8 ", "<svg/>"})
  void anotherFormatIsUnsupported(String file) {
    assertThat(refused(file.getBytes(StandardCharsets.ISO_8859_1)).reason())
        .isEqualTo(Reason.UNSUPPORTED);
  }

  @Test
  void cmykIsRefused() {
    UnreadablePicture refused = refused(Base64.getDecoder().decode(CMYK));
    assertThat(refused.reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(refused).hasMessage("JPEG: must be grey or RGB, is CMYK");
  }

  @Test
  void sizesBeyondTheLimitAreRefusedFromTheHeader() {
    byte[] wide = new PngBytes().header(50_000, 50_000, 8, 2).pixels(0).end();
    assertThat(refused(wide)).hasMessageContaining("50000 x 50000");
    assertThat(refused(wide).reason()).isEqualTo(Reason.TOO_LARGE);
    byte[] widest = new PngBytes().header(Integer.MAX_VALUE, Integer.MAX_VALUE, 16, 6).end();
    assertThat(refused(widest).reason()).isEqualTo(Reason.TOO_LARGE);
    byte[] photograph = JpegWriter.write(PictureReaderTest.smooth(), List.of(), 90);
    assertThat(refused(withSize(photograph, 65_535)).reason()).isEqualTo(Reason.TOO_LARGE);
  }

  @Test
  void sizesBelowOneAreDamage() {
    byte[] none = new PngBytes().header(0, 5, 8, 2).pixels(0).end();
    assertThat(refused(none).reason()).isEqualTo(Reason.DAMAGED);
    byte[] negative = new PngBytes().header(-1, 5, 8, 2).pixels(0).end();
    assertThat(refused(negative).reason()).isEqualTo(Reason.DAMAGED);
    byte[] photograph = JpegWriter.write(PictureReaderTest.smooth(), List.of(), 90);
    assertThat(refused(withSize(photograph, 0)).reason()).isEqualTo(Reason.DAMAGED);
  }

  @Test
  void filesBeyondTheLimitAreRefused() {
    byte[] file = PngWriter.write(PngWriterTest.random(50, 50, 3, 1), List.of(), 0);
    UnreadablePicture refused =
        catchThrowableOfType(
            UnreadablePicture.class, () -> new PictureReader(1 << 20, 100).read(file));
    assertThat(refused.reason()).isEqualTo(Reason.TOO_LARGE);
  }

  @Test
  void decompressionBombsAllocateNothing() throws Exception {
    byte[] bomb = PngBytes.deflated(new byte[1 << 28]);
    byte[] text = concat(PngBytes.bytes('k', 0, 0), bomb);
    byte[] file =
        new PngBytes()
            .header(8, 8, 8, 2)
            .chunk("zTXt", text)
            .chunk("iCCP", text)
            .chunk("iTXt", concat(PngBytes.bytes('k', 0, 1, 0, 0, 0), bomb))
            .chunk("IDAT", bomb)
            .end();
    Pixels black = new Pixels(8, 8, 3, new byte[192]);
    assertThat(READER.read(file)).isEqualTo(black);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThat(READER.read(file)).isEqualTo(black);
    assertThat(PngTextReader.read(file)).isEmpty();
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(8 << 20);
  }

  @Test
  void tooManyPartsAreRefused() {
    PngBytes chunks = new PngBytes().header(8, 8, 8, 2);
    for (int i = 0; i < 70_000; i++) {
      chunks.chunk("tEXt", new byte[0]);
    }
    assertThat(refused(chunks.end()).reason()).isEqualTo(Reason.TOO_LARGE);
    byte[] photograph = JpegWriter.write(PictureReaderTest.smooth(), List.of(), 90);
    int scan = markerAt(photograph, 0xda);
    byte[] one = Arrays.copyOfRange(photograph, scan, photograph.length - 2);
    byte[] many = Arrays.copyOf(photograph, scan + 200 * one.length + 2);
    for (int i = 0; i < 200; i++) {
      System.arraycopy(one, 0, many, scan + i * one.length, one.length);
    }
    many[many.length - 2] = (byte) 0xff;
    many[many.length - 1] = (byte) 0xd9;
    assertThat(refused(many).reason()).isEqualTo(Reason.TOO_LARGE);
  }

  @Test
  void missingPixelsAreDamage() {
    byte[] half = new PngBytes().header(8, 8, 8, 0).pixels(0, 1, 2, 3).end();
    assertThat(refused(half).reason()).isEqualTo(Reason.DAMAGED);
    byte[] none = new PngBytes().header(8, 8, 8, 0).end();
    assertThat(refused(none).reason()).isEqualTo(Reason.DAMAGED);
    byte[] noise =
        new PngBytes().header(8, 8, 8, 0).chunk("IDAT", PngBytes.bytes(1, 2, 3, 4, 5)).end();
    assertThat(refused(noise).reason()).isEqualTo(Reason.DAMAGED);
    byte[] wrongFilter = new PngBytes().header(2, 1, 8, 0).pixels(9, 1, 2).end();
    assertThat(refused(wrongFilter).reason()).isEqualTo(Reason.DAMAGED);
  }

  @Test
  void contradictoryHeadersAreDamage() {
    assertThat(refused(new PngBytes().header(2, 2, 3, 2).pixels(0).end()).reason())
        .isEqualTo(Reason.DAMAGED);
    assertThat(refused(new PngBytes().header(2, 2, 8, 3).pixels(0, 0, 0, 0, 0, 0).end()).reason())
        .isEqualTo(Reason.DAMAGED);
    assertThat(refused(new PngBytes().chunk("IDAT", new byte[3]).end()).reason())
        .isEqualTo(Reason.DAMAGED);
    assertThat(refused(new PngBytes().chunk("IHDR", new byte[3]).end()).reason())
        .isEqualTo(Reason.DAMAGED);
  }

  @Test
  void everyCutIsDamage() {
    Pixels pixels = PngWriterTest.random(9, 9, 3, 3);
    everyCutIsDamage(PngWriter.write(pixels, List.of(new EmbeddedText("k", "v")), 6), 8);
    everyCutIsDamage(JpegWriter.write(pixels, List.of(), 60), 3);
  }

  @Test
  void photographsWithoutTheirLastRowsAreDamage() {
    byte[] whole = JpegWriter.write(PictureReaderTest.smooth(), List.of(), 90);
    byte[] cut = Arrays.copyOf(whole, whole.length - 60);
    cut[cut.length - 2] = (byte) 0xff;
    cut[cut.length - 1] = (byte) 0xd9;
    assertThat(refused(cut).reason()).isEqualTo(Reason.DAMAGED);
  }

  @Property(tries = 400)
  void changedBitsInPngAreDamage(
      @ForAll @IntRange(min = 0) int at, @ForAll @IntRange(max = 7) int bit) {
    byte[] file = PngWriter.write(PngWriterTest.random(9, 9, 3, 3), List.of(), 6);
    // From the header's data to before the end chunk.
    int place = 16 + at % (file.length - 28);
    file[place] ^= (byte) (1 << bit);
    assertThat(refused(file).reason()).isEqualTo(Reason.DAMAGED);
  }

  @Property(tries = 1000)
  void changedBytesInPhotographsAreReadOrRefused(@ForAll long seed, @ForAll boolean progressive)
      throws Exception {
    byte[] file = PictureReaderTest.jpeg(PictureReaderTest.smooth(), progressive);
    Random random = new Random(seed);
    for (int i = random.nextInt(4); i >= 0; i--) {
      file[random.nextInt(file.length)] = (byte) random.nextInt();
    }
    readOrRefused(file);
  }

  @Property(tries = 1000)
  void randomChunksAreReadOrRefused(
      @ForAll @IntRange(min = -1, max = 70) int width,
      @ForAll @IntRange(max = 17) int depth,
      @ForAll @IntRange(max = 7) int colour,
      @ForAll @Size(max = 60) byte[] palette,
      @ForAll @Size(max = 60) byte[] pixels) {
    PngBytes png = new PngBytes().header(width, 3, depth, colour).chunk("PLTE", palette);
    readOrRefused(png.chunk("tRNS", palette).chunk("IDAT", PngBytes.deflated(pixels)).end());
  }

  @Property(tries = 500)
  void randomBytesAfterASignatureAreRefused(@ForAll byte[] noise, @ForAll boolean png) {
    byte[] start = png ? PngWriter.SIGNATURE : PngBytes.bytes(0xff, 0xd8, 0xff);
    assertThat(refused(concat(start, noise)).reason()).isEqualTo(Reason.DAMAGED);
  }

  private static void readOrRefused(byte[] file) {
    try {
      assertThat(READER.read(file).channels()).isEqualTo(3);
    } catch (UnreadablePicture refused) {
      assertThat(refused.getMessage())
          .matches("(PNG: |JPEG: |must |cannot be decoded as |is damaged: ).*")
          .doesNotContain("Exception", "java", "@", "null");
    }
  }

  private static void everyCutIsDamage(byte[] file, int signature) {
    for (int length = signature; length < file.length; length++) {
      assertThat(refused(Arrays.copyOf(file, length)).reason()).isEqualTo(Reason.DAMAGED);
    }
  }

  private static UnreadablePicture refused(byte[] file) {
    UnreadablePicture refused =
        catchThrowableOfType(UnreadablePicture.class, () -> READER.read(file));
    assertThat(refused).as("what was thrown").isNotNull();
    return refused;
  }

  private static byte[] withSize(byte[] jpeg, int size) {
    byte[] changed = jpeg.clone();
    int frame = markerAt(jpeg, 0xc0);
    for (int i = 5; i < 9; i += 2) {
      changed[frame + i] = (byte) (size >> 8);
      changed[frame + i + 1] = (byte) size;
    }
    return changed;
  }

  private static int markerAt(byte[] jpeg, int marker) {
    for (int i = 0; ; i++) {
      if ((jpeg[i] & 0xff) == 0xff && (jpeg[i + 1] & 0xff) == marker) {
        return i;
      }
    }
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
