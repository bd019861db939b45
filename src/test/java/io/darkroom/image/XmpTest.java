package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/**
 * The XMP packet in PNG, JPEG and WebP files, read from their bytes, by the readers and by
 * exiftool.
 */
class XmpTest {
  private static final String SOURCE_TYPE =
      "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
  private static final Pixels PIXELS = PngWriterTest.random(24, 16, 3, 5);
  private static final List<EmbeddedText> OTHERS =
      List.of(
          new EmbeddedText("parameters", "a cat 😺"),
          new EmbeddedText("darkroom.request", "{\"prompt\":\"a cat\"}"));
  private static final List<EmbeddedText> TEXTS =
      Stream.concat(OTHERS.stream(), Stream.of(Xmp.GENERATED)).toList();

  @Test
  void thePacketIsWellFormedAndNamesSourceAndProgram() throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    byte[] packet = utf8(Xmp.GENERATED.text());
    Document read = factory.newDocumentBuilder().parse(new ByteArrayInputStream(packet));
    assertThat(value(read, "http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "DigitalSourceType"))
        .isEqualTo(SOURCE_TYPE);
    assertThat(value(read, "http://ns.adobe.com/xap/1.0/", "CreatorTool")).isEqualTo("Darkroom");
    assertThat(Xmp.GENERATED.text()).startsWith("<?xpacket begin=\"\uFEFF\" ").endsWith("?>");
  }

  @Test
  void aPngFileHasItAsUncompressedInternationalTextBeforeThePixels() throws Exception {
    PngChunks png = PngChunks.parse(png(TEXTS));
    assertThat(png.chunks())
        .extracting(PngChunks.Chunk::type)
        .containsExactly("IHDR", "iTXt", "tEXt", "iTXt", "IDAT", "IEND");
    byte[] header = utf8("XML:com.adobe.xmp\0\0\0\0\0");
    byte[] packet = utf8(Xmp.GENERATED.text());
    ByteBuffer expected = ByteBuffer.allocate(header.length + packet.length);
    assertThat(png.data(png.chunks().get(3))).isEqualTo(expected.put(header).put(packet).flip());
  }

  @Test
  void aLatin1PacketIsInternationalText() throws Exception {
    PngChunks png = PngChunks.parse(png(List.of(new EmbeddedText(Xmp.KEYWORD, "<x/>"))));
    assertThat(png.chunks()).extracting(PngChunks.Chunk::type).contains("iTXt");
  }

  @Test
  void aJpegFileHasItInASegmentAfterExif() {
    List<String> segments = segments(jpeg(TEXTS));
    assertThat(segments.get(0)).startsWith("e0 JFIF\0");
    assertThat(segments.get(1)).startsWith("e1 Exif\0\0");
    assertThat(segments.get(2))
        .isEqualTo("e1 http://ns.adobe.com/xap/1.0/\0" + Xmp.GENERATED.text());
    assertThat(segments.get(3)).isEqualTo("fe darkroom.request: {\"prompt\":\"a cat\"}");
  }

  @Test
  void aWebpFileHasTheTextsAsFurtherProperties() throws Exception {
    List<EmbeddedText> texts =
        List.of(Xmp.GENERATED, new EmbeddedText("darkroom.request", "<a> &\r\n\u0001\uFFFE😺"));
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    byte[] packet = utf8(Xmp.packet(texts));
    Document read = factory.newDocumentBuilder().parse(new ByteArrayInputStream(packet));
    assertThat(value(read, "http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "DigitalSourceType"))
        .isEqualTo(SOURCE_TYPE);
    assertThat(value(read, "urn:darkroom:text:", "request")).isEqualTo("<a> &\r\n\uFFFD\uFFFD😺");
  }

  @Test
  void theReadersKeepTheTextsAndThePixels() throws Exception {
    assertThat(PngTextReader.read(png(TEXTS))).isEqualTo(TEXTS);
    PictureReader reader = new PictureReader(10_000, 1 << 20);
    assertThat(reader.read(png(TEXTS))).isEqualTo(PIXELS);
    assertThat(reader.read(jpeg(TEXTS))).isEqualTo(reader.read(jpeg(OTHERS)));
  }

  @Test
  void exiftoolReadsAllFiles(@TempDir Path folder) throws Exception {
    assumeTrue(installed(), "exiftool is not installed");
    Path png = Files.write(folder.resolve("a.png"), png(TEXTS));
    Path jpeg = Files.write(folder.resolve("a.jpeg"), jpeg(TEXTS));
    Path webp = Files.write(folder.resolve("a.webp"), webp(TEXTS));
    String output = exiftool(png.toString(), jpeg.toString(), webp.toString());
    JsonNode read = new ObjectMapper().readTree(output);
    assertThat(read).hasSize(3);
    for (JsonNode file : read) {
      assertThat(file.path("XMP-iptcExt:DigitalSourceType").asText()).isEqualTo(SOURCE_TYPE);
      assertThat(file.path("XMP-xmp:CreatorTool").asText()).isEqualTo("Darkroom");
      assertThat(file.toString()).doesNotContain("Warning", "Error");
    }
    assertThat(read.get(1).path("ExifIFD:UserComment").asText()).isEqualTo("a cat 😺");
    assertThat(read.get(2).path("ExifIFD:UserComment").asText()).isEqualTo("a cat 😺");
    assertThat(read.get(2).path("XMP-darkroom:Request").asText())
        .isEqualTo("{\"prompt\":\"a cat\"}");
  }

  private static byte[] png(List<EmbeddedText> texts) {
    return PngWriter.write(PIXELS, texts, 6);
  }

  private static byte[] jpeg(List<EmbeddedText> texts) {
    return JpegWriter.write(PIXELS, texts, 90);
  }

  private static byte[] webp(List<EmbeddedText> texts) {
    return WebpWriter.write(PIXELS, texts, OptionalInt.empty());
  }

  /** Returns marker and content of the segments before the scan. */
  private static List<String> segments(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).position(2);
    List<String> segments = new ArrayList<>();
    for (int marker = bytes.getShort() & 0xff; marker != 0xda; marker = bytes.getShort() & 0xff) {
      byte[] content = new byte[(bytes.getShort() & 0xffff) - 2];
      bytes.get(content);
      segments.add(Integer.toHexString(marker) + " " + new String(content, StandardCharsets.UTF_8));
    }
    return segments;
  }

  private static String value(Document read, String namespace, String name) {
    return read.getElementsByTagNameNS(namespace, name).item(0).getTextContent();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean installed() throws InterruptedException {
    try {
      return new ProcessBuilder("exiftool", "-ver").start().waitFor() == 0;
    } catch (IOException missing) {
      return false;
    }
  }

  private static String exiftool(String... files) throws Exception {
    List<String> command = new ArrayList<>(List.of("exiftool", "-json", "-G1", "-n", "-a"));
    command.addAll(List.of(files));
    Process process = new ProcessBuilder(command).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return output;
  }
}
