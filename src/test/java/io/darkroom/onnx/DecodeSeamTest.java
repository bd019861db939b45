package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.job.Tile;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Shape;
import io.darkroom.model.Space;
import io.darkroom.model.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Tests that the starter model decodes a texture in tiles without visible seams. */
@TestInstance(Lifecycle.PER_CLASS)
class DecodeSeamTest {
  private static final Path STARTER = Packages.STARTER.resolve("emoji-64");
  private static final int SIDE = 256;
  private static final int FACTOR = 4;
  private static final int SIZE = 16;
  private static final int OVERLAP = 4;
  private Space space;
  private OrtLatentCodec whole;
  private Tensor latents;

  @BeforeAll
  void encode() throws BrokenPackage {
    space = PackageReader.read(STARTER.toAbsolutePath()).card().space();
    whole = OrtLatentCodec.open(STARTER, space.decodedBy(Optional.empty()), Packages.ONE_THREAD);
    float[] distribution = whole.encode(texture()).values();
    int cells = SIDE / FACTOR;
    float[] means = Arrays.copyOf(distribution, distribution.length / 2);
    latents = new Tensor(means, new Shape(means.length / cells / cells, cells, cells));
  }

  @AfterAll
  void close() {
    whole.close();
  }

  @Test
  void aTextureHasNoSeams() throws BrokenPackage {
    assertThat(space.decodeTile()).contains(new Tile(SIZE, OVERLAP));
    Tensor tiled = decoded(space);
    Tensor untiled = whole.decode(latents);
    System.out.printf(
        "gradient across seams over gradient elsewhere: %.4f, of the whole picture %.4f%n",
        ratio(tiled), ratio(untiled));
    System.out.printf("tiles and whole: %.2f dB%n", psnr(tiled, untiled));
    assertThat(ratio(tiled)).isBetween(0.9, 1.1);
    assertThat(psnr(tiled, untiled)).isGreaterThan(26);
  }

  @Test
  void tilesWithoutOverlapAreFurtherFromTheWhole() throws BrokenPackage {
    Tensor untiled = whole.decode(latents);
    Tensor abutting = decoded(space.decodedBy(Optional.of(new Tile(SIZE, 0))));
    System.out.printf("without overlap: %.2f dB%n", psnr(abutting, untiled));
    assertThat(psnr(decoded(space), untiled)).isGreaterThan(psnr(abutting, untiled) + 4);
  }

  private Tensor decoded(Space by) throws BrokenPackage {
    try (OrtLatentCodec codec = OrtLatentCodec.open(STARTER, by, Packages.ONE_THREAD)) {
      return codec.decode(latents);
    }
  }

  /** Random colours with smooth changes, with the same statistics everywhere. */
  private static Tensor texture() {
    int wide = SIDE + 2;
    SplittableRandom random = new SplittableRandom(11);
    double[] noise = random.doubles(3L * wide * wide).toArray();
    float[] values = new float[3 * SIDE * SIDE];
    for (int i = 0; i < values.length; i++) {
      int from = i / SIDE / SIDE * wide * wide + i / SIDE % SIDE * wide + i % SIDE;
      double sum = 0;
      for (int j = 0; j < 9; j++) {
        sum += noise[from + j / 3 * wide + j % 3] / 9;
      }
      values[i] = (float) Math.min(1, Math.max(-1, 4 * sum - 2));
    }
    return new Tensor(values, new Shape(3, SIDE, SIDE));
  }

  /** Columns of the picture in which two tiles are blended. */
  private static boolean[] seams() {
    int cells = SIDE / FACTOR;
    int count = 1 + (cells - OVERLAP - 1) / (SIZE - OVERLAP);
    boolean[] seams = new boolean[SIDE];
    for (int i = 0; i + 1 < count; i++) {
      int end = i * (cells - SIZE) / (count - 1) + SIZE;
      int next = (i + 1) * (cells - SIZE) / (count - 1);
      int middle = (end + next) * FACTOR / 2;
      for (int x = middle - OVERLAP * FACTOR / 2; x <= middle + OVERLAP * FACTOR / 2; x++) {
        seams[x] = true;
      }
    }
    return seams;
  }

  private static double ratio(Tensor picture) {
    boolean[] seams = seams();
    return gradient(picture, seams, true) / gradient(picture, seams, false);
  }

  private static double gradient(Tensor picture, boolean[] seams, boolean across) {
    double sum = 0;
    long count = 0;
    for (int i = 1; i < picture.values().length; i++) {
      int x = i % SIDE;
      if (x > 0 && seams[x] == across) {
        sum += Math.abs(picture.values()[i] - picture.values()[i - 1]);
        count++;
      }
    }
    return sum / count;
  }

  /** Of a signal from -1 to 1. */
  private static double psnr(Tensor a, Tensor b) {
    double sum = 0;
    for (int i = 0; i < a.values().length; i++) {
      double difference = a.values()[i] - b.values()[i];
      sum += difference * difference;
    }
    return 10 * Math.log10(4 / (sum / a.values().length));
  }
}
