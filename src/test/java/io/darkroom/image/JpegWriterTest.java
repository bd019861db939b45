package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class JpegWriterTest {

  @Test
  void coloursAreReadBackNearlyUnchanged() throws Exception {
    Pixels pixels = plain(3, (byte) 200, (byte) 30, (byte) 90);
    BufferedImage read =
        ImageIO.read(new ByteArrayInputStream(JpegWriter.write(pixels, List.of(), 95)));
    assertThat(read.getWidth()).isEqualTo(24);
    assertThat(read.getHeight()).isEqualTo(16);
    assertThat(read.getRaster().getSample(5, 5, 0)).isBetween(197, 203);
    assertThat(read.getRaster().getSample(5, 5, 1)).isBetween(27, 33);
    assertThat(read.getRaster().getSample(5, 5, 2)).isBetween(87, 93);
  }

  @Test
  void greyStaysGrey() throws Exception {
    Pixels pixels = plain(1, (byte) 128);
    BufferedImage read =
        ImageIO.read(new ByteArrayInputStream(JpegWriter.write(pixels, List.of(), 95)));
    assertThat(read.getRaster().getNumBands()).isEqualTo(1);
    assertThat(read.getRaster().getSample(5, 5, 0)).isBetween(127, 129);
  }

  @Test
  void lessQualityIsFewerBytes() {
    byte[] samples = new byte[64 * 64 * 3];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (i * i);
    }
    Pixels pixels = new Pixels(64, 64, 3, samples);
    assertThat(JpegWriter.write(pixels, List.of(), 20))
        .hasSizeLessThan(JpegWriter.write(pixels, List.of(), 95).length);
    assertThatThrownBy(() -> JpegWriter.write(pixels, List.of(), 0))
        .hasMessageContaining("quality");
  }

  private static Pixels plain(int channels, byte... colour) {
    byte[] samples = new byte[24 * 16 * channels];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = colour[i % channels];
    }
    return new Pixels(24, 16, channels, samples);
  }
}
