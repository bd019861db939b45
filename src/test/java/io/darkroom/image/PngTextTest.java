package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

class PngTextTest {
  private static final Pixels PIXEL = new Pixels(1, 1, 1, new byte[1]);
  private static final EmbeddedText PLAIN =
      new EmbeddedText("parameters", "a cat\nSteps: 20, café");
  private static final EmbeddedText EMOJI =
      new EmbeddedText("request", "{\"prompt\": \"😺 猫 żółw\"}");

  @Test
  void textsAreReadBackInTheirOrder() throws Exception {
    byte[] file = PngWriter.write(PIXEL, List.of(EMOJI, PLAIN), 6);
    assertThat(PngTextReader.read(file)).containsExactly(EMOJI, PLAIN);
  }

  @Test
  void anotherReaderFindsTheTexts() throws Exception {
    byte[] file = PngWriter.write(PIXEL, List.of(PLAIN, EMOJI), 6);
    Element metadata = metadata(file);
    Element plain = (Element) metadata.getElementsByTagName("tEXtEntry").item(0);
    assertThat(plain.getAttribute("keyword")).isEqualTo("parameters");
    assertThat(plain.getAttribute("value")).isEqualTo(PLAIN.text());
    Element emoji = (Element) metadata.getElementsByTagName("iTXtEntry").item(0);
    assertThat(emoji.getAttribute("keyword")).isEqualTo("request");
    assertThat(emoji.getAttribute("text")).isEqualTo(EMOJI.text());
  }

  @Property(tries = 300)
  void anyTextIsReadBack(@ForAll String text) throws Exception {
    EmbeddedText kept = EmbeddedText.lenient("k", text);
    byte[] file = PngWriter.write(PIXEL, List.of(kept), 1);
    assertThat(PngTextReader.read(file)).containsExactly(kept);
    if (StandardCharsets.UTF_8.newEncoder().canEncode(text) && text.indexOf(0) < 0) {
      assertThat(kept.text()).isEqualTo(text);
    }
  }

  @Test
  void charactersThatAFileCannotHoldAreReplaced() {
    assertThat(EmbeddedText.lenient("k", "a\0b\uD83Dc😺").text()).isEqualTo("a\uFFFDb\uFFFDc😺");
    assertThatThrownBy(() -> new EmbeddedText("k", "a\0b")).hasMessageContaining("well-formed");
    assertThatThrownBy(() -> new EmbeddedText("k", "\uD83D")).hasMessageContaining("well-formed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " a", "a ", "a  b", "a\0b", "a\nb", "猫"})
  void invalidKeywordsAreRefused(String keyword) {
    assertThatThrownBy(() -> new EmbeddedText(keyword, "")).hasMessageContaining("keyword");
  }

  @Test
  void longKeywordsAreRefused() {
    assertThat(new EmbeddedText("k".repeat(79), "").keyword()).hasSize(79);
    assertThatThrownBy(() -> new EmbeddedText("k".repeat(80), "")).hasMessageContaining("keyword");
  }

  @Test
  void brokenTextsAreIgnored() throws Exception {
    byte[] file =
        new PngBytes()
            .header(1, 1, 8, 0)
            .chunk("tEXt", PngBytes.bytes('k'))
            .chunk("tEXt", PngBytes.bytes(0, 'v'))
            .chunk("iTXt", PngBytes.bytes('k', 0))
            .chunk("iTXt", PngBytes.bytes('k', 0, 0, 0, 'd'))
            .chunk("iTXt", PngBytes.bytes('k', 0, 1, 0, 0, 0, 1))
            .chunk("tEXt", PngBytes.bytes('k', 0, 'v'))
            .pixels(0, 0)
            .end();
    assertThat(PngTextReader.read(file)).containsExactly(new EmbeddedText("k", "v"));
  }

  @Test
  void anotherFormatHasNoTexts() {
    assertThatThrownBy(() -> PngTextReader.read(new byte[9])).isInstanceOf(UnreadablePicture.class);
  }

  private static Element metadata(byte[] file) throws Exception {
    ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(in);
      Node tree = reader.getImageMetadata(0).getAsTree("javax_imageio_png_1.0");
      return (Element) tree;
    } finally {
      reader.dispose();
    }
  }
}
