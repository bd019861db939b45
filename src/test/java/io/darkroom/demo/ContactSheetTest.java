package io.darkroom.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.image.Npy;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContactSheetTest {
  @TempDir Path folder;

  @Test
  void aSmallPictureIsShownInWholeSquares() {
    BufferedImage picture = new BufferedImage(32, 16, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(1, 0, 0xFF0000);

    Thumbnail thumbnail = Thumbnail.of(picture, 256);

    assertThat(thumbnail.note()).isEqualTo("32 × 16, shown × 8");
    assertThat(thumbnail.image().getWidth()).isEqualTo(256);
    assertThat(thumbnail.image().getHeight()).isEqualTo(128);
    assertThat(row(thumbnail.image(), 7, 7, 17))
        .containsExactly(
            0, 0xFF0000, 0xFF0000, 0xFF0000, 0xFF0000, 0xFF0000, 0xFF0000, 0xFF0000, 0xFF0000, 0);
  }

  @Test
  void aLargePictureIsReduced() {
    Thumbnail thumbnail =
        Thumbnail.of(new BufferedImage(1024, 512, BufferedImage.TYPE_INT_RGB), 256);

    assertThat(thumbnail.note()).isEqualTo("1024 × 512, shown at 25 %");
    assertThat(thumbnail.image().getHeight()).isEqualTo(128);
  }

  @Test
  void aTensorIsShownAsAPicture() throws IOException {
    float[] tensor = {1, -1, -1, -1, 1, -1};
    Path file = folder.resolve("0.npy");
    Files.write(file, Npy.write(tensor, 3, 1, 2));

    Thumbnail thumbnail = Thumbnail.of(file, "application/x-npy", 2).orElseThrow();

    assertThat(row(thumbnail.image(), 0, 0, 2)).containsExactly(0xFF00FF, 0);
  }

  @Test
  void aFileThatCannotBeShownIsLeftOut() throws IOException {
    Path text = folder.resolve("0.json");
    Files.writeString(text, "{}");
    Path vector = folder.resolve("0.npy");
    Files.write(vector, Npy.write(new float[4], 4));

    assertThat(Thumbnail.of(text, "application/json", 256)).isEmpty();
    assertThat(Thumbnail.of(vector, "application/x-npy", 256)).isEmpty();
  }

  @Test
  void aSoundIsShownAsItsWaveform() throws IOException {
    byte[] pcm = new byte[2 * 8000];
    Arrays.fill(pcm, 0, 8000, (byte) 0x7f);
    Path sound = folder.resolve("0.wav");
    AudioFormat format = new AudioFormat(8000, Short.SIZE, 1, true, false);
    AudioSystem.write(
        new AudioInputStream(new ByteArrayInputStream(pcm), format, 8000),
        AudioFileFormat.Type.WAVE,
        sound.toFile());

    Thumbnail thumbnail = Thumbnail.of(sound, "audio/wav", 16).orElseThrow();

    assertThat(thumbnail.note()).isEqualTo("1.00 s at 8000 Hz");
    assertThat(ink(thumbnail.image(), 3)).as("column of full scale").containsExactly(0);
    assertThat(ink(thumbnail.image(), 12)).as("column of silence").containsExactly(8);
  }

  @Test
  void aFileThatIsNotASoundIsAFailure() throws IOException {
    Path sound = folder.resolve("0.wav");
    Files.write(sound, new byte[] {'R', 'I', 'F', 'F'});

    assertThatThrownBy(() -> Thumbnail.of(sound, "audio/wav", 256))
        .isInstanceOf(DemoFailure.class)
        .hasMessageContaining("0.wav: must be a WAV file");
  }

  @Test
  void aVectorOfManyNumbersIsShownAsItsHistogram() throws IOException {
    float[] numbers = new float[65];
    numbers[64] = 1;
    Path vector = folder.resolve("0.npy");
    Files.write(vector, Npy.write(numbers, 65));

    Thumbnail thumbnail = Thumbnail.of(vector, "application/x-npy", 64).orElseThrow();

    assertThat(thumbnail.note()).isEqualTo("65 numbers, their histogram");
    assertThat(ink(thumbnail.image(), 0)).hasSize(64);
    assertThat(ink(thumbnail.image(), 30)).isEmpty();
    assertThat(ink(thumbnail.image(), 63)).containsExactly(63);
  }

  @Test
  void theGridLeavesFewCellsEmpty() {
    assertThat(List.of(1, 3, 6, 8, 10, 12, 17, 20).stream().map(ContactSheet::columns))
        .containsExactly(1, 3, 6, 4, 5, 6, 6, 5);
  }

  @Test
  void everyPictureIsDrawnInItsCellAboveItsCaption() throws IOException {
    BufferedImage red = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 64 * 64; i++) {
      red.setRGB(i % 64, i / 64, 0xC00000);
    }
    String long_ = "a name that is longer than the picture is wide, by far";
    ContactSheet.Entry entry =
        new ContactSheet.Entry(Thumbnail.of(red, 256), List.of(long_, "b", "c", "d"));

    BufferedImage sheet = ContactSheet.draw("Title", "more", Collections.nCopies(8, entry));

    ImageIO.write(sheet, "png", folder.resolve("sheet.png").toFile());
    assertThat(sheet.getWidth()).isEqualTo(40 + 4 * 256 + 3 * 28 + 40);
    for (int i = 0; i < 8; i++) {
      int left = 40 + i % 4 * (256 + 28);
      int top = 92 + i / 4 * (256 + 90 + 28);
      assertThat(sheet.getRGB(left, top) & 0xFFFFFF).isEqualTo(0xC00000);
      assertThat(sheet.getRGB(left + 255, top + 255) & 0xFFFFFF).isEqualTo(0xC00000);
      assertThat(sheet.getRGB(left + 256 + 14, top + 256 + 14) & 0xFFFFFF)
          .as("words stay under their picture")
          .isEqualTo(0xF4F4F2);
    }
  }

  /** Returns the rows of a column that have the colour of waveforms and bars. */
  private static List<Integer> ink(BufferedImage image, int x) {
    return IntStream.range(0, image.getHeight())
        .filter(y -> (image.getRGB(x, y) & 0xFFFFFF) == 0x2F5D8A)
        .boxed()
        .toList();
  }

  private static List<Integer> row(BufferedImage image, int y, int from, int to) {
    return IntStream.range(from, to).mapToObj(x -> image.getRGB(x, y) & 0xFFFFFF).toList();
  }
}
