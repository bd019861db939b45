package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.image.OutputFormat.Encoded;
import io.darkroom.image.OutputFormat.Result;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PNG files with 16 bits per sample. */
class DeepPngTest {
  private static final long MOST_PIXELS = 1 << 16;

  @Property(tries = 60)
  void anotherReaderSeesTheSameNumbers(
      @ForAll @IntRange(min = 1, max = 30) int width,
      @ForAll @IntRange(min = 1, max = 30) int height,
      @ForAll boolean grey,
      @ForAll @IntRange(max = 9) int level,
      @ForAll long seed)
      throws Exception {
    int channels = grey ? 1 : 3;
    float[] values = random(channels * width * height, seed);
    byte[] file =
        PngWriter.write(
            DeepPixels.of(values, channels, height, width), List.of(), level, Optional.empty());
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(file));
    assertThat(read.getColorModel().getComponentSize(0)).isEqualTo(16);
    assertThat(read.getRaster().getNumBands()).isEqualTo(channels);
    assertThat(read.getWidth()).isEqualTo(width);
    for (int i = 0; i < values.length; i++) {
      int at = i % (width * height);
      int sample = read.getRaster().getSample(at % width, at / width, i / (width * height));
      assertThat(sample).isEqualTo((int) values[i]);
    }
    assertThat(DeepPngReader.read(file, MOST_PIXELS)).hasValue(values);
  }

  @Test
  void theFormatHasTextsAndTheDigestOfTheNumbers() throws Exception {
    float[] values = {0, 1, 256, 65535, 258, 3};
    EmbeddedText text = new EmbeddedText("darkroom.request", "{}");
    Result result =
        new Result(
            values,
            List.of(1, 2, 3),
            Medium.uint16(2),
            List.of(text),
            OptionalInt.empty(),
            OptionalInt.empty(),
            6);
    Encoded png = OutputFormats.find("png").orElseThrow().encode(result);
    Encoded npy = OutputFormats.find("npy").orElseThrow().encode(result);
    assertThat(png.contentSha256()).isEqualTo(npy.contentSha256());
    assertThat(PngTextReader.read(png.bytes())).containsExactly(text);
    PngChunks chunks = PngChunks.parse(png.bytes());
    assertThat(chunks.data(chunks.chunks().get(0)).get(8)).isEqualTo((byte) 16);
  }

  @ParameterizedTest
  @ValueSource(floats = {-1, 65536, 0.5f, Float.NaN, Float.POSITIVE_INFINITY})
  void otherNumbersAreRefused(float value) {
    assertThatThrownBy(() -> DeepPixels.of(new float[] {1, value}, 1, 1, 2))
        .hasMessage("sample: must be an integer from 0 to 65535, is " + value);
  }

  @Test
  void onlyOpaqueGreyAndColourOf16BitsAreNumbers() throws Exception {
    byte[] eight = PngWriter.write(PngWriterTest.random(3, 3, 3, 1), List.of(), 6);
    assertThat(DeepPngReader.read(eight, MOST_PIXELS)).isEmpty();
    assertThat(DeepPngReader.read(new byte[] {1, 2, 3}, MOST_PIXELS)).isEmpty();
    byte[] alpha = new PngBytes().header(1, 1, 16, 4).pixels(0, 1, 2, 3, 4).end();
    assertThat(DeepPngReader.read(alpha, MOST_PIXELS)).isEmpty();
    byte[] large = new PngBytes().header(50_000, 50_000, 16, 0).pixels(0).end();
    assertThatThrownBy(() -> DeepPngReader.read(large, MOST_PIXELS))
        .hasMessage("must have at most 65536 pixels, is 50000 x 50000");
    byte[] short16 = new PngBytes().header(4, 4, 16, 0).pixels(0, 1, 2).end();
    assertThatThrownBy(() -> DeepPngReader.read(short16, MOST_PIXELS))
        .isInstanceOf(UnreadablePicture.class);
  }

  private static float[] random(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(1 << 16);
    }
    return values;
  }
}
