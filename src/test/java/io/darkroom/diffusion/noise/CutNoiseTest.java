package io.darkroom.diffusion.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tiles get the numbers of their picture. */
class CutNoiseTest {
  private static final int PLANES = 3;

  private static float[] rectangle(float[] whole, int height, int width, Cut cut) {
    float[] out = new float[cut.elements()];
    int i = 0;
    for (int plane = 0; plane < PLANES; plane++) {
      for (int y = cut.top(); y < cut.top() + cut.rows(); y++) {
        for (int x = cut.left(); x < cut.left() + cut.columns(); x++) {
          out[i++] = whole[(plane * height + y) * width + x];
        }
      }
    }
    return out;
  }

  @ParameterizedTest
  @CsvSource({
    "TORCH_CPU, 40, 61",
    "TORCH_CPU, 64, 64",
    "TORCH_CPU, 301, 199",
    "TORCH_CPU, 2, 2",
    "PHILOX, 40, 61",
    "PHILOX, 301, 199",
    "TORCH_CUDA, 40, 61",
    "TORCH_CUDA, 301, 399",
    "TORCH_CUDA, 2, 2",
  })
  void everyTileHasItsPartOfEveryDraw(Generator generator, int height, int width) {
    int rows = height / 2;
    int columns = width / 2;
    int[][] corners = {
      {0, 0}, {0, width - columns}, {height - rows, 0}, {height - rows, width - columns}, {1, 1}
    };
    for (int[] corner : corners) {
      Cut cut = Cut.of(PLANES, height, width, corner[0], corner[1], rows, columns);
      NoiseSource whole = generator.source(7);
      NoiseSource tile = new CutNoise(generator.source(7), cut);
      float[] all = new float[PLANES * height * width];
      float[] part = new float[cut.elements()];
      for (int draw = 0; draw < 3; draw++) {
        whole.fill(all);
        tile.fill(part);
        assertThat(part).isEqualTo(rectangle(all, height, width, cut));
      }
      whole.fill(all);
      whole.fill(all);
      whole.fill(all);
      tile.skip(2, part.length);
      tile.fill(part);
      assertThat(part).isEqualTo(rectangle(all, height, width, cut));
    }
  }

  @ParameterizedTest
  @EnumSource(Generator.class)
  void aTileOfAnImageOfABatchHasItsPartOfTheBatch(Generator generator) {
    int height = 21;
    int width = 35;
    Cut cut = Cut.of(PLANES, height, width, 4, 9, 8, 16);
    NoiseSource image = new BatchSlice(generator.source(9), 4, 2);
    NoiseSource tile = new CutNoise(new BatchSlice(generator.source(9), 4, 2), cut);
    float[] all = new float[PLANES * height * width];
    float[] part = new float[cut.elements()];
    for (int draw = 0; draw < 3; draw++) {
      image.fill(all);
      tile.fill(part);
      assertThat(part).isEqualTo(rectangle(all, height, width, cut));
      image.fillShared(all);
      tile.fillShared(part);
      assertThat(part).isEqualTo(rectangle(all, height, width, cut));
    }
  }

  @Test
  void drawsOfTwoSizesFollowOneAnother() {
    NoiseSource whole = Generator.TORCH_CPU.source(3);
    NoiseSource shared = Generator.TORCH_CPU.source(3);
    Cut small = Cut.of(PLANES, 9, 11, 2, 3, 4, 5);
    Cut large = Cut.of(PLANES, 36, 44, 8, 12, 16, 20);
    float[] all = new float[PLANES * 9 * 11];
    whole.fill(all);
    float[] part = new float[small.elements()];
    new CutNoise(shared, small).fill(part);
    assertThat(part).isEqualTo(rectangle(all, 9, 11, small));
    all = new float[PLANES * 36 * 44];
    whole.fill(all);
    part = new float[large.elements()];
    new CutNoise(shared, large).fill(part);
    assertThat(part).isEqualTo(rectangle(all, 36, 44, large));
  }

  @Test
  void aDrawThatIsNotThatOfTheTileIsRefused() {
    NoiseSource tile = new CutNoise(new PhiloxNoise(1), Cut.of(1, 8, 8, 0, 0, 4, 4));
    assertThatThrownBy(() -> tile.fill(new float[15]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("draw: must have the 16 elements of the tile, has 15");
    assertThatThrownBy(() -> Cut.of(1, 8, 8, 5, 0, 4, 4))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
