package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.List;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PngWriterTest {

  @Property(tries = 100)
  void anotherReaderSeesTheSamePixels(
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll boolean grey,
      @ForAll @IntRange(max = 9) int level,
      @ForAll long seed)
      throws Exception {
    Pixels pixels = random(width, height, grey ? 1 : 3, seed);
    byte[] file = PngWriter.write(pixels, List.of(), level);
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(file));
    assertThat(read.getWidth()).isEqualTo(width);
    assertThat(read.getHeight()).isEqualTo(height);
    int[] samples = read.getRaster().getPixels(0, 0, width, height, (int[]) null);
    byte[] bytes = new byte[samples.length];
    for (int i = 0; i < samples.length; i++) {
      bytes[i] = (byte) samples[i];
    }
    assertThat(new Pixels(width, height, grey ? 1 : 3, bytes)).isEqualTo(pixels);
  }

  @Test
  void theSamePictureGivesTheSameBytes() {
    Pixels pixels = random(33, 21, 3, 1);
    List<EmbeddedText> texts = List.of(new EmbeddedText("parameters", "a cat 😺"));
    assertThat(PngWriter.write(pixels, texts, 6)).isEqualTo(PngWriter.write(pixels, texts, 6));
  }

  @Test
  void anUnknownLevelIsRefused() {
    assertThatThrownBy(() -> PngWriter.write(random(1, 1, 3, 1), List.of(), 10))
        .hasMessageContaining("0 to 9");
  }

  static Pixels random(int width, int height, int channels, long seed) {
    byte[] samples = new byte[width * height * channels];
    new java.util.Random(seed).nextBytes(samples);
    return new Pixels(width, height, channels, samples);
  }
}
