package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first bytes of a picture determine the memory for reading all of it. */
class PictureHeaderTest {
  private static final PictureReader READER = new PictureReader(1 << 22, 1 << 25);

  /** Returns an Exif block, big-endian, with this orientation as its only entry. */
  private static byte[] exif(int orientation) {
    return ByteBuffer.allocate(26)
        .put(PngBytes.bytes('M', 'M', 0, 42))
        .putInt(8)
        .putShort((short) 1)
        .putShort((short) 0x0112)
        .putShort((short) 3)
        .putInt(1)
        .putShort((short) orientation)
        .array();
  }

  private static byte[] jpeg(int width, int height) throws Exception {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(width);
    for (int i = 0; i < width * height; i++) {
      image.setRGB(i % width, i / width, random.nextInt());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpeg", out);
    return out.toByteArray();
  }

  /** Returns a JPEG file with these application segments after its first marker. */
  private static byte[] withSegments(byte[] jpeg, int marker, byte[]... contents) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    for (byte[] content : contents) {
      out.writeBytes(PngBytes.bytes(0xff, marker));
      out.writeBytes(ByteBuffer.allocate(2).putShort((short) (content.length + 2)).array());
      out.writeBytes(content);
    }
    out.write(jpeg, 2, jpeg.length - 2);
    return out.toByteArray();
  }

  @Test
  void theFirstBytesOfAPngGiveItsSize() throws Exception {
    byte[] file = PngWriter.write(new Pixels(7, 5, 3, new byte[105]), List.of(), 6);
    assertThat(PictureHeader.of(Arrays.copyOf(file, 33)))
        .contains(new PictureHeader("png", 7, 5, 8));
    assertThat(PictureHeader.of(Arrays.copyOf(file, 32))).isEmpty();
    assertThat(PictureHeader.of(Arrays.copyOf(file, 8))).isEmpty();
  }

  @Test
  void theFrameOfAJpegGivesItsSize() throws Exception {
    byte[] file = withSegments(jpeg(9, 4), 0xe2, new byte[60_000], new byte[60_000]);
    assertThat(PictureHeader.of(file)).contains(new PictureHeader("jpeg", 9, 4, 8));
    assertThat(PictureHeader.of(Arrays.copyOf(file, 1 << 16))).as("more is needed").isEmpty();
    assertThat(PictureHeader.of(Arrays.copyOf(file, 3))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 6, 8})
  void theOrientationBeforeThePixelsIsApplied(int orientation) throws Exception {
    byte[] exif =
        ByteBuffer.allocate(32)
            .put("Exif\0\0".getBytes(StandardCharsets.US_ASCII))
            .put(exif(orientation))
            .array();
    byte[] turned = withSegments(jpeg(9, 4), 0xe1, exif);
    byte[] png =
        new PngBytes()
            .header(9, 1, 8, 0)
            .chunk("eXIf", exif(orientation))
            .pixels(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
            .end();
    for (byte[] file : List.of(turned, png)) {
      Pixels read = READER.read(file);
      PictureHeader header = PictureHeader.of(file).orElseThrow();
      assertThat(header.width()).isEqualTo(read.width());
      assertThat(header.height()).isEqualTo(read.height());
    }
  }

  @Test
  void filesThatAreNotPicturesAreRefused() {
    for (byte[] file :
        List.of(new byte[0], "GIF89a and more".getBytes(StandardCharsets.US_ASCII))) {
      assertThatThrownBy(() -> PictureHeader.of(file))
          .isInstanceOf(UnreadablePicture.class)
          .hasMessage("must be a PNG or JPEG file");
    }
    byte[] headless = new PngBytes().chunk("IDAT", new byte[13]).end();
    assertThatThrownBy(() -> PictureHeader.of(headless))
        .hasMessage("PNG: must begin with a header of 13 bytes");
    byte[] frameless = PngBytes.bytes(0xff, 0xd8, 0xff, 0xd9);
    assertThatThrownBy(() -> PictureHeader.of(frameless))
        .hasMessage("JPEG: must have a frame with a size, and a scan");
  }

  @Test
  void tooManyPixelsAreRefused() throws Exception {
    PictureHeader header = new PictureHeader("png", 50_000, 50_000, 8);
    UnreadablePicture tooLarge =
        catchThrowableOfType(UnreadablePicture.class, () -> header.check(1 << 20));
    assertThat(tooLarge.reason()).isEqualTo(UnreadablePicture.Reason.TOO_LARGE);
    assertThat(tooLarge).hasMessage("must have at most 1048576 pixels, is 50000 x 50000");
    new PictureHeader("png", 1 << 10, 1 << 10, 8).check(1 << 20);
  }

  @Test
  void readingUsesAtMostTheMemoryGivenByTheHeader() throws Exception {
    byte[] noise = new byte[(8 * 600 + 1) * 500];
    new Random(1).nextBytes(noise);
    for (int row = 0; row < 500; row++) {
      noise[row * (8 * 600 + 1)] = 0;
    }
    byte[] deep =
        new PngBytes()
            .header(600, 500, 16, 6)
            .chunk("eXIf", exif(6))
            .chunk("IDAT", PngBytes.deflated(noise))
            .end();
    byte[] small = new PngBytes().header(8, 1, 8, 0).pixels(0, 1, 2, 3, 4, 5, 6, 7, 8).end();
    byte[] stuffed = withSegments(jpeg(300, 200), 0xe2, new byte[60_000], new byte[60_000]);
    for (byte[] file : List.of(deep, small, stuffed, jpeg(1000, 900))) {
      for (int channels : new int[] {1, 3}) {
        for (boolean wide : new boolean[] {false, true}) {
          READER.readSource(file, channels, wide).values();
          long said =
              PictureHeader.of(file).orElseThrow().readingBytes(file.length, channels, wide);
          assertThat(file.length + allocated(file, channels, wide)).isLessThanOrEqualTo(said);
        }
      }
    }
  }

  private static long allocated(byte[] file, int channels, boolean wide) throws UnreadablePicture {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    READER.readSource(file, channels, wide).values();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
