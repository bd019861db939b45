package io.darkroom.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EscapedTextTest {

  private static EscapedText of(byte... bytes) {
    return EscapedText.of(bytes, 100);
  }

  @Test
  void textStaysAsItIs() {
    String text = "{\"prompt\": \"a \\\"fox\\\" ü 🦊\",\n\t\"seed\": 1}";

    assertThat(EscapedText.of(text, 100)).isEqualTo(new EscapedText(text, false));
    assertThat(of()).isEqualTo(new EscapedText("", false));
  }

  @Test
  void otherBytesAndInvisibleCharactersAreEscaped() {
    assertThat(of((byte) 0xff, (byte) 'a', (byte) 0, (byte) '\\'))
        .isEqualTo(new EscapedText("\\xffa\\x00\\\\", true));
    assertThat(EscapedText.of("ü\u202e", 100)).isEqualTo(new EscapedText("ü\\xe2\\x80\\xae", true));
    assertThat(of((byte) 0xf0, (byte) 0x9f))
        .as("an incomplete character")
        .isEqualTo(new EscapedText("\\xf0\\x9f", true));
  }

  @Test
  void longContentIsCut() {
    byte[] long1 = "a".repeat(1000).getBytes(StandardCharsets.UTF_8);

    assertThat(EscapedText.of(long1, 10)).isEqualTo(new EscapedText("a".repeat(10), false));
    assertThat(EscapedText.of("üü", 3))
        .as("a cut inside of a character")
        .isEqualTo(new EscapedText("ü", false));
    assertThat(EscapedText.of("\u202eü", 4))
        .isEqualTo(new EscapedText("\\xe2\\x80\\xae\\xc3", true));
  }
}
