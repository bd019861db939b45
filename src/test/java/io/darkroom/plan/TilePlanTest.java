package io.darkroom.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.darkroom.job.Size;
import io.darkroom.job.Tile;
import io.darkroom.job.Violation;
import io.darkroom.json.Decoded;
import io.darkroom.json.RequestCodec;
import io.darkroom.model.Condition;
import io.darkroom.model.DeviceCost;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import io.darkroom.model.Space;
import io.darkroom.model.condition.ClassLabel;
import io.darkroom.model.condition.LowResolution;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Tests when pictures are enlarged by tiles, and the cost of tiles. */
class TilePlanTest {
  private static final Limits LIMITS = new Limits(1 << 26, 100, 8, 1L << 50);
  private static final ModelCard LARGER =
      card("larger", new LowResolution(4, 40, 0.005, 3, Optional.empty()));
  private static final ModelCard BASE =
      card("base", ClassLabel.of(Map.of("cat", 1), 10, OptionalInt.empty()));

  private static ModelCard card(String name, Condition condition) {
    return new ModelCard(
        name,
        "0".repeat(64),
        Map.of(),
        new ModelCard.Network(3, 6, 3, 8, 8, 8, true, true),
        List.of(condition),
        Space.PIXELS,
        Map.of("_class_name", "DDIMScheduler"),
        "1".repeat(64),
        new ModelCard.Defaults(OptionalInt.of(20), OptionalDouble.empty(), OptionalDouble.empty()));
  }

  private static Draft draft(Limits limits, String json, ModelCard... cards) throws InvalidPlan {
    byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    Decoded decoded = new RequestCodec(1 << 20).read(body, "application/json");
    return new Planner(limits).draft(((Decoded.Valid) decoded).request(), cards);
  }

  private static String upscale(String more) {
    return "{'id':'a','kind':'upscale','model':'larger','image':{'uri':'s3://pictures/a.png'}%s}"
        .formatted(more);
  }

  private static RenderPlan plan(String more, int width, int height) throws InvalidPlan {
    return draft(LIMITS, upscale(more), LARGER)
        .complete(Map.of("/image", new InputFacts(new Size(width, height), 0)), DeviceCost.NONE);
  }

  @Test
  void aPictureOfUpToTwoTilesIsEnlargedAtOnce() throws InvalidPlan {
    RenderPlan plan = plan("", 256, 200);
    assertThat(plan.first().tiled()).isFalse();
    assertThat(plan.first().parts()).isEqualTo(1);
    assertThat(plan.effective().stage().source().tile()).isEmpty();
  }

  @Test
  void aLargerPictureIsCutIntoTilesThatTheEffectiveRequestNames() throws InvalidPlan {
    RenderPlan plan = plan(",'num_images':2", 257, 100);
    Stage stage = plan.first();
    assertThat(stage.tiling().count()).isEqualTo(3);
    assertThat(stage.sample()).isEqualTo(new Shape(3, 400, 512));
    assertThat(stage.result()).isEqualTo(new Size(1028, 400));
    assertThat(stage.parts()).isEqualTo(6);
    assertThat(stage.image(3).index()).isEqualTo(1);
    assertThat(stage.evaluations()).isEqualTo(6 * 20);
    assertThat(stage.work()).isEqualTo(6L * 20 * 400 * 512);
    assertThat(plan.effective().stage().source().tile()).contains(new Tile(128, 16));
    assertThat(plan.swapSides().first().sample()).isEqualTo(new Shape(3, 512, 400));
  }

  @Test
  void aRequestChoosesItsTiles() throws InvalidPlan {
    Stage stage = plan(",'tile':{'size':32,'overlap':8}", 100, 20).first();
    assertThat(stage.tiling().count()).isEqualTo(4);
    assertThat(stage.sample()).isEqualTo(new Shape(3, 80, 128));
    assertThat(PlanDigest.of(stage)).isNotEqualTo(PlanDigest.of(plan("", 100, 20).first()));
  }

  @Test
  void onePixelAndManyAreEnlarged() throws InvalidPlan {
    assertThat(plan("", 1, 1).first().parts()).isEqualTo(1);
    assertThat(plan(",'tile':{'size':32,'overlap':8}", 1, 1).first().parts()).isEqualTo(1);
    Stage large = plan("", 2048, 2048).first();
    assertThat(large.result()).isEqualTo(new Size(8192, 8192));
    assertThat(large.parts()).isEqualTo(19 * 19);
  }

  @Test
  void laterStagesAreTiledByTheSizeOfTheResultsBefore() throws InvalidPlan {
    String json =
        "{'id':'a','kind':'generate','model':'base','class_label':1,'width':80,'height':80,"
            + "'then':[{'kind':'upscale','model':'larger'},{'kind':'upscale','model':'larger'}]}";
    RenderPlan plan =
        draft(LIMITS, json, BASE, LARGER, LARGER)
            .complete(Map.of(), DeviceCost.NONE, DeviceCost.NONE, DeviceCost.NONE);
    assertThat(plan.stages()).extracting(Stage::parts).containsExactly(1, 1, 9);
    assertThat(plan.effective().then().get(0).source().tile()).isEmpty();
    assertThat(plan.effective().then().get(1).source().tile()).contains(new Tile(128, 16));
    long work = 20 * (80 * 80 + 320 * 320 + 9L * 512 * 512);
    InvalidPlan invalid =
        catchThrowableOfType(
            InvalidPlan.class,
            () -> draft(new Limits(1 << 26, 100, 8, work - 1), json, BASE, LARGER, LARGER));
    assertThat(invalid.violations())
        .extracting(Violation::message)
        .first()
        .asString()
        .endsWith("is " + work);
  }

  @Test
  void impossibleTilesAreViolations() throws InvalidPlan {
    InvalidPlan uneven =
        catchThrowableOfType(
            InvalidPlan.class,
            () -> draft(LIMITS, upscale(",'tile':{'size':33,'overlap':8}"), LARGER));
    assertThat(uneven.violations())
        .containsExactly(new Violation("/tile/size", "must be a multiple of 2 for larger, is 33"));
    InvalidPlan many =
        catchThrowableOfType(
            InvalidPlan.class, () -> plan(",'tile':{'size':4,'overlap':0}", 300, 300));
    assertThat(many.violations())
        .containsExactly(new Violation("/tile", "must give at most 4096 tiles, gives 5625"));
    String noisy =
        ",'tile':{'size':8,'overlap':0},'num_inference_steps':100,"
            + "'scheduler':{'_class_name':'DDPMScheduler'}";
    InvalidPlan noise = catchThrowableOfType(InvalidPlan.class, () -> plan(noisy, 512, 512));
    assertThat(noise.violations())
        .singleElement()
        .extracting(Violation::message)
        .asString()
        .startsWith("must need at most 500000000000 random numbers for all tiles, needs ");
  }

  @Test
  void theHeapHoldsTheWholePictureAndTheSamplesOfItsTiles() throws InvalidPlan {
    Stage stage = plan("", 1024, 1024).first();
    long tiles = stage.parts() * 3L * 512 * 512 * Float.BYTES;
    long picture = 3L * 4096 * 4096 * Float.BYTES;
    long small = 3L * 1024 * 1024 * Float.BYTES;
    assertThat(HeapBytes.kept(stage)).isEqualTo(tiles + picture + small);
    assertThat(HeapBytes.underWay(stage)).isLessThan(picture / 4);
  }
}
