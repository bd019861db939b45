package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import io.darkroom.GoldenPackages;
import io.darkroom.job.Tile;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Shape;
import io.darkroom.model.Space;
import io.darkroom.model.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Large latents that a real decoder decodes in tiles. */
@TestInstance(Lifecycle.PER_CLASS)
class DecodeTilesTest {
  private static final Path SD_MINI = GoldenPackages.folder("sd-mini");
  private static final Space WHOLE = Space.latents(2, 0.18215);
  private static final int FACTOR = 2;
  private static final Space TILED = WHOLE.decodedBy(Optional.of(new Tile(8, 2)));
  private OrtLatentCodec whole;
  private OrtLatentCodec tiled;

  @BeforeAll
  void open() throws BrokenPackage {
    whole = OrtLatentCodec.open(SD_MINI, WHOLE, Packages.ONE_THREAD);
    tiled = OrtLatentCodec.open(SD_MINI, TILED, Packages.ONE_THREAD);
  }

  @AfterAll
  void close() {
    whole.close();
    tiled.close();
  }

  /** Sizes that are and are not whole numbers of steps, and a side of a single tile. */
  @ParameterizedTest
  @CsvSource({"20, 26", "17, 9", "8, 21", "5, 19"})
  void aPictureIsTheBlendOfItsTiles(int height, int width) {
    Tensor latents = latents(height, width);
    double[] expected = reference(latents);
    Tensor picture = tiled.decode(latents);
    assertThat(picture.shape()).isEqualTo(new Shape(3, height * FACTOR, width * FACTOR));
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) picture.values()[i])
          .as("pixel %d", i)
          .isCloseTo(expected[i], within(1e-5));
    }
  }

  @Test
  void aPictureOfUpToTwoTilesIsDecodedAsAWhole() {
    Tensor small = latents(16, 16);
    assertThat(tiled.decode(small).values()).containsExactly(whole.decode(small).values());
    Tensor large = latents(16, 17);
    assertThat(tiled.decode(large).values()).isNotEqualTo(whole.decode(large).values());
  }

  @Test
  void lanesAndOtherPicturesDoNotChangeAPicture() throws BrokenPackage {
    Tensor latents = latents(20, 26);
    Tensor other = latents(9, 30);
    float[] expected = tiled.decode(latents).values();
    for (int count : new int[] {2, 3, 5}) {
      try (Lanes lanes = Lanes.of(count);
          OrtLatentCodec split =
              OrtLatentCodec.open(SD_MINI, TILED, Packages.ONE_THREAD.on(lanes))) {
        assertThat(split.lanes(latents.shape())).isEqualTo(1);
        assertThat(split.decode(latents).values()).containsExactly(expected);
        List<Tensor> both = split.decode(List.of(other, latents));
        assertThat(both.get(1).values()).containsExactly(expected);
        assertThat(both.get(0).values()).containsExactly(tiled.decode(other).values());
      }
    }
  }

  @Test
  void aCancelledPictureEndsBetweenTwoTiles() {
    AtomicInteger asked = new AtomicInteger();
    assertThat(tiled.decode(latents(20, 20), () -> asked.incrementAndGet() == 3)).isEmpty();
    assertThat(asked).hasValue(3);
    assertThat(tiled.decode(latents(20, 20), () -> false)).isPresent();
  }

  @Test
  void aTileThatOverflowsIsNaNOrGoesThroughTheDecoderOfFloat32(@TempDir Path temporary)
      throws Exception {
    Path half = HalfPrecisionPackages.copy(SD_MINI);
    Tensor overflowing = latents(20, 20);
    for (int row = 15; row < 20; row++) {
      for (int column = 15; column < 20; column++) {
        overflowing.values()[row * 20 + column] *= 1e6f;
      }
    }
    try (OrtLatentCodec alone = OrtLatentCodec.open(half, TILED, Packages.ONE_THREAD)) {
      assertThat(alone.decode(latents(20, 20)).isFinite()).isTrue();
      assertThat(alone.decode(overflowing).isFinite()).isFalse();
    }
    copy(half, temporary, "vae_decoder", "vae_decoder");
    copy(SD_MINI, temporary, "vae_decoder", "vae_decoder_fp32");
    try (OrtLatentCodec both = OrtLatentCodec.open(temporary, TILED, Packages.ONE_THREAD)) {
      assertThat(both.decode(overflowing).values())
          .containsExactly(tiled.decode(overflowing).values());
    }
  }

  @Test
  void aDecoderOfOneSizeIsNotSplit(@TempDir Path temporary) throws Exception {
    copy(SD_MINI, temporary, "vae_decoder", "vae_decoder");
    Path file = temporary.resolve("vae_decoder/model.onnx");
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    TensorShapeProto.Builder sides =
        model
            .getGraphBuilder()
            .getInputBuilder(0)
            .getTypeBuilder()
            .getTensorTypeBuilder()
            .getShapeBuilder();
    sides.getDimBuilder(2).setDimValue(17);
    sides.getDimBuilder(3).setDimValue(17);
    Files.write(file, model.build().toByteArray());
    assertThatThrownBy(() -> OrtLatentCodec.open(temporary, TILED, Packages.ONE_THREAD).close())
        .hasMessage(
            "vae_decoder/config.json: decode_tile_size: must be at least half of 17, the fixed side"
                + " of the decoder's input, is 8");
  }

  @Test
  void thePackagesOwnSizeIsTheDefault() throws BrokenPackage {
    assertThat(PackageReader.read(SD_MINI).card().space().decodeTile()).contains(new Tile(32, 8));
  }

  /** Blends whole tiles, decoded one by one, with the weights of the definition. */
  private double[] reference(Tensor latents) {
    int height = latents.shape().height();
    int width = latents.shape().width();
    int[] tops = starts(height);
    int[] lefts = starts(width);
    double[] sum = new double[3 * height * FACTOR * width * FACTOR];
    for (int top : tops) {
      for (int left : lefts) {
        Tensor tile = whole.decode(cut(latents, top, left));
        Shape shape = tile.shape();
        for (int i = 0; i < shape.size(); i++) {
          int c = i / shape.width() / shape.height();
          int y = top * FACTOR + i / shape.width() % shape.height();
          int x = left * FACTOR + i % shape.width();
          double weight = weight(tops, top, y) * weight(lefts, left, x);
          sum[(c * height * FACTOR + y) * width * FACTOR + x] += weight * tile.values()[i];
        }
      }
    }
    return sum;
  }

  private static int[] starts(int length) {
    int count = length <= 8 ? 1 : (int) Math.ceil((length - 8) / 6.0) + 1;
    int[] starts = new int[count];
    for (int i = 1; i < count; i++) {
      starts[i] = i * (length - 8) / (count - 1);
    }
    return starts;
  }

  /** Rises from 0 to 1 in the middle four pixels of the overlap with the previous tile. */
  private static double weight(int[] starts, int start, int pixel) {
    double weight = 1;
    for (int i = 0; i + 1 < starts.length; i++) {
      double middle = (starts[i] + 8 + starts[i + 1]) / 2.0 * FACTOR;
      double second = Math.min(1, Math.max(0, (pixel + 0.5 - middle) / 4 + 0.5));
      weight *= start > starts[i] ? second : 1 - second;
    }
    return weight;
  }

  private static Tensor cut(Tensor latents, int top, int left) {
    Shape shape = latents.shape();
    int height = Math.min(8, shape.height());
    int width = Math.min(8, shape.width());
    float[] values = new float[4 * height * width];
    for (int i = 0; i < values.length; i++) {
      int row = i / width / height * shape.height() + top + i / width % height;
      values[i] = latents.values()[row * shape.width() + left + i % width];
    }
    return new Tensor(values, new Shape(4, height, width));
  }

  private static Tensor latents(int height, int width) {
    Shape shape = new Shape(4, height, width);
    return new Tensor(TestInputs.numbers(new SplittableRandom(7), shape.size()), shape);
  }

  private static void copy(Path from, Path to, String component, String as) throws Exception {
    Files.createDirectories(to.resolve(as));
    for (String file : List.of("config.json", "model.onnx")) {
      Files.copy(from.resolve(component).resolve(file), to.resolve(as).resolve(file));
    }
  }
}
