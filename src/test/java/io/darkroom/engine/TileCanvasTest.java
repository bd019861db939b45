package io.darkroom.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.job.Size;
import io.darkroom.job.Tile;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import io.darkroom.plan.Stage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A picture does not depend on the order of its tiles. */
class TileCanvasTest {
  private static final Tile TILE = new Tile(12, 4);

  private static Stage stage() {
    Stage plain = FormulaJobs.stage("ddim", 2, 1, 1, 1);
    return FormulaJobs.enlarging(plain, new Size(41, 30), TILE);
  }

  private static List<Tensor> tiles(Stage stage) {
    Random random = new Random(5);
    List<Tensor> tiles = new ArrayList<>();
    for (int i = 0; i < stage.parts(); i++) {
      Shape shape = new Shape(3, stage.partResult().height(), stage.partResult().width());
      float[] values = new float[shape.size()];
      for (int v = 0; v < values.length; v++) {
        values[v] = (float) random.nextGaussian();
      }
      tiles.add(new Tensor(values, shape));
    }
    return tiles;
  }

  private static float[] blended(Stage stage, List<Tensor> tiles, List<Integer> order) {
    TileCanvas canvas = new TileCanvas(stage, 3);
    for (int tile : order) {
      assertThat(canvas.complete()).isFalse();
      canvas.add(tile, tiles.get(tile));
    }
    assertThat(canvas.complete()).isTrue();
    return canvas.picture().values();
  }

  @Test
  void everyOrderOfTilesGivesTheSameBits() {
    Stage stage = stage();
    List<Tensor> tiles = tiles(stage);
    assertThat(tiles).hasSizeGreaterThan(12);
    List<Integer> order = all(stage);
    float[] first = blended(stage, tiles, order);
    Collections.reverse(order);
    assertThat(blended(stage, tiles, order)).isEqualTo(first);
    for (int seed = 0; seed < 5; seed++) {
      Collections.shuffle(order, new Random(seed));
      assertThat(blended(stage, tiles, order)).isEqualTo(first);
    }
  }

  @Test
  void tilesCutFromAPictureGiveThePicture() {
    Stage stage = stage();
    Size result = stage.result();
    Shape shape = new Shape(3, result.height(), result.width());
    float[] picture = new float[shape.size()];
    Random random = new Random(9);
    for (int i = 0; i < picture.length; i++) {
      picture[i] = 2 * random.nextFloat() - 1;
    }
    List<Tensor> tiles = new ArrayList<>();
    int scale = stage.model().scale();
    for (int i = 0; i < stage.parts(); i++) {
      tiles.add(cut(picture, shape, stage, i, scale));
    }
    float[] blended = blended(stage, tiles, all(stage));
    for (int i = 0; i < picture.length; i++) {
      assertThat(Math.abs(blended[i] - picture[i])).isLessThan(4e-6f);
    }
  }

  private static List<Integer> all(Stage stage) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < stage.parts(); i++) {
      all.add(i);
    }
    return all;
  }

  private static Tensor cut(float[] picture, Shape shape, Stage stage, int tile, int scale) {
    Size size = stage.partResult();
    float[] values = new float[3 * size.width() * size.height()];
    int at = 0;
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < size.height(); y++) {
        int row = (c * shape.height() + stage.tiling().top(tile) * scale + y) * shape.width();
        System.arraycopy(
            picture, row + stage.tiling().left(tile) * scale, values, at, size.width());
        at += size.width();
      }
    }
    return new Tensor(values, new Shape(3, size.height(), size.width()));
  }
}
