package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageOutcome;
import io.darkroom.image.PictureReader;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Tests that the starter model enlarges pictures outside its training set by tiles without seams.
 */
class TiledQualityTest {
  private static final Path HELD_OUT = Path.of("src/test/resources/tiles/held-out.png");
  private static final int FACTOR = 4;
  private static final int OVERLAP = 8;
  private static final int SIZE = 32;

  /** Folder for the results, to view them: {@code -Dtiles.output=FOLDER}. */
  private static final String OUTPUT = System.getProperty("tiles.output", "");

  @Test
  void aTiledPictureIsCloserToTheOriginalThanABicubicOne() throws Exception {
    Pixels original = heldOut();
    Pixels small = smaller(original);
    Pixels tiled = enlarged(small, 16, SIZE, OVERLAP);
    Pixels whole = enlarged(small, 16, small.width(), 0);
    Pixels bicubic = bicubic(small);
    write("small", small);
    write("tiled", tiled);
    write("bicubic", bicubic);
    print("bicubic", bicubic, original);
    print("whole", whole, original);
    print("tiled", tiled, original);
    assertThat(psnr(tiled, original)).isGreaterThan(psnr(bicubic, original) + 3);
    assertThat(ssim(tiled, original)).isGreaterThan(ssim(bicubic, original) + 0.06);
    assertThat(psnr(tiled, original)).isGreaterThan(psnr(whole, original) - 0.3);
    assertThat(ssim(tiled, original)).isGreaterThan(ssim(whole, original) - 0.01);
  }

  @Test
  void aPictureOf2048PixelsPerSideIsEnlargedWithTheTilesOfThePackage() throws Exception {
    Pixels original = mirrored(2048);
    Pixels small = smaller(original);
    Pixels tiled = enlarged(small, 1, "");
    assertThat(tiled.width()).isEqualTo(2048);
    assertThat(tiled.height()).isEqualTo(2048);
    // A part with the seams of four tiles, and what a bicubic filter makes of it.
    Pixels part = cut(original, 448);
    Pixels bicubic = bicubic(cut(small, 112));
    print("bicubic, 2048", bicubic, part);
    print("tiled, 2048", cut(tiled, 448), part);
    assertThat(psnr(cut(tiled, 448), part)).isGreaterThan(psnr(bicubic, part) + 3);
  }

  /** Repeats the held-out picture, with every other copy mirrored. */
  private static Pixels mirrored(int side) throws Exception {
    Pixels one = heldOut();
    byte[] samples = new byte[3 * side * side];
    for (int i = 0; i < samples.length; i++) {
      int x = mirrored(i / 3 % side, one.width());
      int y = mirrored(i / 3 / side, one.height());
      samples[i] = (byte) one.sample(x, y, i % 3);
    }
    return new Pixels(side, side, 3, samples);
  }

  private static int mirrored(int place, int length) {
    int rest = place % length;
    return place / length % 2 == 0 ? rest : length - 1 - rest;
  }

  /** The square that begins at its own length from both edges. */
  private static Pixels cut(Pixels picture, int side) {
    byte[] samples = new byte[3 * side * side];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) picture.sample(side + i / 3 % side, side + i / 3 / side, i % 3);
    }
    return new Pixels(side, side, 3, samples);
  }

  private static Pixels heldOut() throws Exception {
    return new PictureReader(1 << 20, 1 << 20).read(Files.readAllBytes(HELD_OUT));
  }

  @Test
  void aTextureHasNoSeams() throws Exception {
    int side = 96;
    Pixels tiled = enlarged(texture(side), 8, SIZE, OVERLAP);
    write("texture", tiled);
    boolean[] seam = seams(side);
    double ratio = gradient(tiled, seam, true) / gradient(tiled, seam, false);
    System.out.printf("gradient across seams over gradient elsewhere: %.4f%n", ratio);
    assertThat(ratio).isLessThanOrEqualTo(1.1);
  }

  private static Pixels enlarged(Pixels small, int steps, int size, int overlap) throws Exception {
    String tile = "\"tile\": {\"size\": %d, \"overlap\": %d},".formatted(size, overlap);
    return enlarged(small, steps, tile);
  }

  private static Pixels enlarged(Pixels small, int steps, String tile) throws Exception {
    String request =
        """
        {"id": "tiled", "kind": "upscale", "model": "emoji-sr4", "seed": 1,
         "num_inference_steps": %d, %s "image": {"data": "%s"}}
        """
            .formatted(
                steps,
                tile,
                Base64.getEncoder().encodeToString(PngWriter.write(small, List.of(), 6)));
    try (DirectEngine directEngine =
        new DirectEngine(8, EngineObserver.NONE, DirectEngine.STARTER.resolve("emoji-sr4"))) {
      StageOutcome.Picture picture = directEngine.render(directEngine.request(request)).get(0);
      int height = picture.pixels().shape().height();
      int width = picture.pixels().shape().width();
      return Pixels.ofTensor(picture.pixels().values(), 3, height, width);
    }
  }

  /** The mean of each square of pixels, in 8 bits. */
  private static Pixels smaller(Pixels picture) {
    int width = picture.width() / FACTOR;
    int height = picture.height() / FACTOR;
    byte[] samples = new byte[3 * width * height];
    for (int i = 0; i < samples.length; i++) {
      int x = i / 3 % width * FACTOR;
      int y = i / 3 / width * FACTOR;
      int sum = 0;
      for (int j = 0; j < FACTOR * FACTOR; j++) {
        sum += picture.sample(x + j % FACTOR, y + j / FACTOR, i % 3);
      }
      samples[i] = (byte) Math.round(sum / (double) (FACTOR * FACTOR));
    }
    return new Pixels(width, height, 3, samples);
  }

  /** Random colours with smooth changes, with the same statistics everywhere. */
  private static Pixels texture(int side) {
    Random random = new Random(11);
    double[] noise = random.doubles(3L * (side + 2) * (side + 2)).toArray();
    byte[] samples = new byte[3 * side * side];
    for (int i = 0; i < samples.length; i++) {
      double sum = 0;
      for (int j = 0; j < 9; j++) {
        int place = (i / 3 / side + j / 3) * (side + 2) + i / 3 % side + j % 3;
        sum += noise[3 * place + i % 3] / 9;
      }
      samples[i] = (byte) (int) (255 * Math.min(1, Math.max(0, 2 * sum - 0.5)));
    }
    return new Pixels(side, side, 3, samples);
  }

  /** Columns of the result in which two tiles are blended. */
  private static boolean[] seams(int side) {
    int count = 1 + (side - SIZE + SIZE - OVERLAP - 1) / (SIZE - OVERLAP);
    boolean[] seams = new boolean[side * FACTOR];
    for (int i = 0; i + 1 < count; i++) {
      int end = i * (side - SIZE) / (count - 1) + SIZE;
      int next = (i + 1) * (side - SIZE) / (count - 1);
      int middle = (end + next) * FACTOR / 2;
      for (int x = middle - OVERLAP * FACTOR / 2; x < middle + OVERLAP * FACTOR / 2; x++) {
        seams[x] = true;
      }
    }
    return seams;
  }

  private static double gradient(Pixels picture, boolean[] seams, boolean across) {
    double sum = 0;
    long count = 0;
    for (int x = 1; x < picture.width(); x++) {
      for (int y = 0; y < picture.height() && seams[x] == across; y++) {
        for (int c = 0; c < 3; c++) {
          sum += Math.abs(picture.sample(x, y, c) - picture.sample(x - 1, y, c));
          count++;
        }
      }
    }
    return sum / count;
  }

  /** Keys' cubic with a = -0.5, pixel centres at halves, edges clamped. */
  private static Pixels bicubic(Pixels small) {
    int width = small.width() * FACTOR;
    int height = small.height() * FACTOR;
    byte[] samples = new byte[3 * width * height];
    for (int i = 0; i < samples.length; i++) {
      int pixel = i / 3;
      int pixelRow = pixel / width;
      double x = (pixel % width + 0.5) / FACTOR - 0.5;
      double y = (pixelRow + 0.5) / FACTOR - 0.5;
      double sum = 0;
      double weights = 0;
      for (int dy = -1; dy <= 2; dy++) {
        for (int dx = -1; dx <= 2; dx++) {
          int column = (int) Math.floor(x) + dx;
          int row = (int) Math.floor(y) + dy;
          double weight = cubic(x - column) * cubic(y - row);
          int sx = Math.min(small.width() - 1, Math.max(0, column));
          int sy = Math.min(small.height() - 1, Math.max(0, row));
          sum += weight * small.sample(sx, sy, i % 3);
          weights += weight;
        }
      }
      samples[i] = (byte) (int) Math.rint(Math.min(255, Math.max(0, sum / weights)));
    }
    return new Pixels(width, height, 3, samples);
  }

  private static double cubic(double distance) {
    double d = Math.abs(distance);
    return d < 1
        ? 1.5 * d * d * d - 2.5 * d * d + 1
        : d < 2 ? -0.5 * d * d * d + 2.5 * d * d - 4 * d + 2 : 0;
  }

  private static double psnr(Pixels a, Pixels b) {
    byte[] first = a.toBytes();
    byte[] second = b.toBytes();
    double sum = 0;
    for (int i = 0; i < first.length; i++) {
      double difference = (first[i] & 0xff) - (second[i] & 0xff);
      sum += difference * difference;
    }
    return 10 * Math.log10(255 * 255 / (sum / first.length));
  }

  /** Structural similarity over windows of 8 x 8 pixels (Wang et al. 2004), all channels. */
  private static double ssim(Pixels a, Pixels b) {
    double sum = 0;
    int count = 0;
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y + 8 <= a.height(); y += 4) {
        for (int x = 0; x + 8 <= a.width(); x += 4) {
          sum += similarity(a, b, x, y, c);
          count++;
        }
      }
    }
    return sum / count;
  }

  private static double similarity(Pixels a, Pixels b, int left, int top, int channel) {
    double[] sums = new double[5];
    for (int i = 0; i < 64; i++) {
      double p = a.sample(left + i % 8, top + i / 8, channel);
      double q = b.sample(left + i % 8, top + i / 8, channel);
      sums[0] += p / 64;
      sums[1] += q / 64;
      sums[2] += p * p / 64;
      sums[3] += q * q / 64;
      sums[4] += p * q / 64;
    }
    double variances = sums[2] - sums[0] * sums[0] + sums[3] - sums[1] * sums[1];
    double covariance = sums[4] - sums[0] * sums[1];
    double means = sums[0] * sums[0] + sums[1] * sums[1];
    return (2 * sums[0] * sums[1] + 6.5025)
        * (2 * covariance + 58.5225)
        / ((means + 6.5025) * (variances + 58.5225));
  }

  private static void print(String name, Pixels picture, Pixels original) {
    System.out.printf(
        "%s: %.2f dB, SSIM %.4f%n", name, psnr(picture, original), ssim(picture, original));
  }

  private static void write(String name, Pixels picture) throws IOException {
    if (!OUTPUT.isEmpty()) {
      Files.createDirectories(Path.of(OUTPUT));
      Files.write(Path.of(OUTPUT, name + ".png"), PngWriter.write(picture, List.of(), 6));
    }
  }
}
