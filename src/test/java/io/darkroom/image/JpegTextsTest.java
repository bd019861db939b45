package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.w3c.dom.NodeList;

/** Texts in JPEG files, read back by the platform's reader. */
class JpegTextsTest {
  private static final Pixels PIXELS = PngWriterTest.random(24, 16, 3, 7);
  private static final String LINE = "a cat 😺 łąka\nSteps: 20, Sampler: Euler a";
  private static final List<EmbeddedText> TEXTS =
      List.of(
          new EmbeddedText("parameters", LINE),
          new EmbeddedText("darkroom.request", "{\"prompt\":\"😺 猫\"}"),
          new EmbeddedText("darkroom.fingerprint", "{}"));

  @Test
  void parametersAreTheUserCommentOfExif() throws IOException {
    byte[] exif = segments(write(TEXTS), "unknown").get(0);
    String header =
        "45786966"
            + "0000" // Exif
            + "4d4d002a"
            + "00000008" // TIFF, most significant byte first
            + "0001"
            + "8769"
            + "0004"
            + "00000001"
            + "0000001a"
            + "00000000" // to Exif's directory
            + "0002"
            + "9000"
            + "0007"
            + "00000004"
            + "30323332"; // its version
    assertThat(HexFormat.of().formatHex(exif)).startsWith(header);
    byte[] comment = Arrays.copyOfRange(exif, 6 + 56, exif.length);
    assertThat(new String(comment, 0, 8, StandardCharsets.US_ASCII)).isEqualTo("UNICODE\0");
    assertThat(new String(comment, 8, comment.length - 8, StandardCharsets.UTF_16BE))
        .isEqualTo(LINE);
  }

  @Test
  void otherTextsAreComments() throws IOException {
    assertThat(comments(write(TEXTS)))
        .containsExactly("darkroom.request: {\"prompt\":\"😺 猫\"}", "darkroom.fingerprint: {}");
  }

  @Test
  void aTextLongerThanASegmentContinuesInTheNextOne() throws IOException {
    String text = "猫".repeat(50_000);
    List<String> comments = comments(write(List.of(new EmbeddedText("k", text))));
    assertThat(comments).hasSize(3).allMatch(comment -> comment.startsWith("k: "));
    assertThat(String.join("", comments).replace("k: ", "")).isEqualTo(text);
  }

  @Test
  void parametersThatExifCannotHoldAreComments() throws IOException {
    byte[] file = write(List.of(new EmbeddedText("parameters", "x".repeat(40_000))));
    assertThat(segments(file, "unknown")).isEmpty();
    assertThat(comments(file)).containsExactly("parameters: " + "x".repeat(40_000));
  }

  @Test
  void textsDoNotChangeThePicture() throws UnreadablePicture {
    PictureReader reader = new PictureReader(10_000, 1 << 20);
    assertThat(reader.read(write(TEXTS))).isEqualTo(reader.read(write(List.of())));
  }

  private static byte[] write(List<EmbeddedText> texts) {
    return JpegWriter.write(PIXELS, texts, 90);
  }

  private static List<String> comments(byte[] file) throws IOException {
    return segments(file, "com").stream()
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .toList();
  }

  /** Returns the contents of the segments with a name in ImageIO's metadata. */
  private static List<byte[]> segments(byte[] file, String name) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(in);
      IIOMetadataNode root =
          (IIOMetadataNode) reader.getImageMetadata(0).getAsTree("javax_imageio_jpeg_image_1.0");
      NodeList nodes = root.getElementsByTagName(name);
      List<byte[]> found = new ArrayList<>();
      for (int i = 0; i < nodes.getLength(); i++) {
        found.add((byte[]) ((IIOMetadataNode) nodes.item(i)).getUserObject());
      }
      return found;
    } finally {
      reader.dispose();
    }
  }
}
