package io.darkroom.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.darkroom.job.ErrorClass;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Size;
import io.darkroom.job.Violation;
import io.darkroom.json.Decoded;
import io.darkroom.json.RequestCodec;
import io.darkroom.model.Condition;
import io.darkroom.model.DeviceCost;
import io.darkroom.model.ModelCard;
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

/** Plans of requests of several stages. */
class CascadePlanTest {
  private static final Limits LIMITS = new Limits(256 * 256, 100, 8, 20_000_000);
  private static final ModelCard BASE =
      card("base", 3, ClassLabel.of(Map.of("cat", 1), 10, OptionalInt.empty()));
  private static final ModelCard GREY =
      card("grey", 1, ClassLabel.of(Map.of("cat", 1), 10, OptionalInt.empty()));
  private static final ModelCard LARGER =
      card("larger", 3, new LowResolution(4, 40, 0.005, 3, Optional.empty()));

  private static ModelCard card(String name, int channels, Condition condition) {
    return new ModelCard(
        name,
        "0".repeat(64),
        Map.of(),
        new ModelCard.Network(channels, channels, channels, 8, 8, 2, true, true),
        List.of(condition),
        Space.PIXELS,
        Map.of("_class_name", "DDIMScheduler"),
        "1".repeat(64),
        new ModelCard.Defaults(OptionalInt.of(20), OptionalDouble.empty(), OptionalDouble.empty()));
  }

  private static RenderRequest request(String first, String... then) {
    String json =
        "{'id':'a','kind':'generate','model':'base','class_label':1,%s'then':[%s]}"
            .formatted(first, String.join(",", then));
    byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return ((Decoded.Valid) new RequestCodec(1 << 20).read(body, "application/json")).request();
  }

  private static String larger(String more) {
    return "{'kind':'upscale','model':'larger'" + more + "}";
  }

  private static InvalidPlan refused(Planner planner, RenderRequest request, ModelCard... cards) {
    return catchThrowableOfType(InvalidPlan.class, () -> planner.plan(request, cards));
  }

  @Test
  void eachStageStartsFromTheResultsOfTheOneBefore() throws InvalidPlan {
    RenderRequest request =
        request(
            "'num_inference_steps':7,'width':8,'height':16,'num_images':2,",
            larger(",'num_inference_steps':5,'noise_level':3"),
            larger(",'num_inference_steps':2,'scheduler':{'_class_name':'euler'}"));

    RenderPlan plan = new Planner(LIMITS).plan(request, BASE, LARGER, LARGER);

    assertThat(plan.stages())
        .extracting(Stage::result)
        .containsExactly(new Size(8, 16), new Size(32, 64), new Size(128, 256));
    assertThat(plan.stages()).extracting(Stage::steps).containsExactly(7, 5, 2);
    assertThat(plan.steps()).isEqualTo(14);
    assertThat(plan.evaluations()).isEqualTo(2 * 14);
    assertThat(plan.stages().get(2).inputSize()).isEqualTo(3 * 2 * 32 * 64);
    assertThat(plan.stages())
        .allSatisfy(s -> assertThat(s.images()).isEqualTo(plan.first().images()));
    assertThat(new Planner(LIMITS).plan(plan.effective(), BASE, LARGER, LARGER).effective())
        .isEqualTo(plan.effective());
  }

  private static String goingOn(String model, String more) {
    return "{'kind':'generate','model':'%s','class_label':1,'denoising_start':0.5%s}"
        .formatted(model, more);
  }

  @Test
  void aStageContinuesFromTheLatentsOfThePreviousOne() throws InvalidPlan {
    RenderRequest request =
        request(
            "'num_inference_steps':4,'denoising_end':0.5,'width':8,'height':16,",
            goingOn("base", ",'num_inference_steps':8"),
            larger(""));

    RenderPlan plan = new Planner(LIMITS).plan(request, BASE, BASE, LARGER);

    assertThat(plan.stages())
        .extracting(stage -> stage.sampler().evaluations())
        .containsExactly(2, 4, 20);
    Stage second = plan.stages().get(1);
    assertThat(second.start()).isEqualTo(Start.LATENTS);
    assertThat(second.receivedShape()).isEqualTo(plan.first().sample());
    assertThat(second.receivedPointer()).isEqualTo(Stage.LATENTS);
    assertThat(plan.last().receivedPointer()).isEqualTo("/image");
    assertThat(plan.last().result()).isEqualTo(new Size(32, 64));
    assertThat(PlanDigest.of(plan.first()))
        .isNotEqualTo(
            PlanDigest.of(
                new Planner(LIMITS).plan(request("", goingOn("base", "")), BASE, BASE).first()));
    assertThat(new Planner(LIMITS).plan(plan.effective(), BASE, BASE, LARGER).effective())
        .isEqualTo(plan.effective());
  }

  @Test
  void latentsThatAStageCannotTakeAreNamed() {
    RenderRequest request =
        request(
            "'denoising_end':0.5,",
            goingOn("grey", ""),
            goingOn("base", ",'scheduler':{'_class_name':'euler'}"),
            larger(""),
            goingOn("base", ""));

    assertThat(refused(new Planner(LIMITS), request, BASE, GREY, BASE, LARGER, BASE).violations())
        .contains(
            new Violation("/then/0/model", "must take the latents of base, 3x8x8 for 8x8"),
            new Violation(
                "/then/3/denoising_start", "must be in a stage after one of kind generate"));
    RenderRequest other =
        request("'denoising_end':0.5,", goingOn("base", ",'scheduler':{'_class_name':'euler'}"));
    assertThat(refused(new Planner(LIMITS), other, BASE, BASE).violations())
        .containsExactly(
            new Violation(
                "/then/0/scheduler/_class_name",
                "must scale its samples as DDIMScheduler of the previous stage does"));
  }

  @Test
  void violationsPointIntoTheirStage() {
    RenderRequest request =
        request(
            "'num_inference_steps':101,",
            larger(",'noise_level':41"),
            "{'kind':'upscale','model':'base','num_inference_steps':102}",
            larger(",'scheduler':{'_class_name':'nothing'},'guidance_scale':3"));

    assertThat(refused(new Planner(LIMITS), request, GREY, LARGER, BASE, LARGER).violations())
        .extracting(Violation::pointer)
        .contains(
            "/num_inference_steps",
            "/then/0/model",
            "/then/0/noise_level",
            "/then/1/kind",
            "/then/1/num_inference_steps",
            "/then/2/scheduler/_class_name",
            "/then/2/guidance_scale");
  }

  @Test
  void aStageWithAResultThatIsTooLargeIsNamed() {
    RenderRequest request = request("'width':32,'height':32,", larger(""), larger(""));

    assertThat(refused(new Planner(LIMITS), request, BASE, LARGER, LARGER).violations())
        .containsExactly(
            new Violation(
                "/then/1",
                "pixels of the result: must be at most 65536 (darkroom.limits.pixels), is"
                    + " 262144"));
  }

  @Test
  void workTimeAndMemoryAreThoseOfAllStages() throws InvalidPlan {
    RenderRequest request = request("'num_inference_steps':10,", larger(""), larger(""));
    // 10 evaluations of 8 x 8, 20 of 32 x 32 and 20 of 128 x 128.
    long work = 10 * 64 + 20 * 1024 + 20 * 16384;
    new Planner(new Limits(1 << 16, 100, 8, work)).plan(request, BASE, LARGER, LARGER);
    Planner lessWork = new Planner(new Limits(1 << 16, 100, 8, work - 1));
    assertThat(refused(lessWork, request, BASE, LARGER, LARGER).violations())
        .containsExactly(
            new Violation(
                "",
                "evaluations times pixels: must be at most %d (darkroom.limits.work), is %d"
                    .formatted(work - 1, work)));

    RenderPlan plan = new Planner(LIMITS).plan(request, BASE, LARGER, LARGER);
    Stage last = plan.last();
    long heap = HeapBytes.underWay(last) + HeapBytes.kept(last);
    assertThat(HeapBytes.kept(plan.first(), plan.following(0)))
        .isEqualTo(heap - HeapBytes.underWay(plan.first()));
    Planner enough = new Planner(new Limits(1 << 16, 100, 8, work, Long.MAX_VALUE, heap));
    enough.plan(request, BASE, LARGER, LARGER);
    Planner small = new Planner(new Limits(1 << 16, 100, 8, work, Long.MAX_VALUE, heap - 1));
    assertThat(refused(small, request, BASE, LARGER, LARGER).kind()).isEqualTo(ErrorClass.CAPACITY);

    Planner seconds = new Planner(new Limits(1 << 16, 100, 8, work, 2, Long.MAX_VALUE));
    // A row of 3 x 128 x 128 takes 150 ms.
    DeviceCost measured = new DeviceCost(150e6 / (3 * 16384));
    InvalidPlan tooLong =
        catchThrowableOfType(
            InvalidPlan.class,
            () ->
                seconds
                    .draft(request, BASE, LARGER, LARGER)
                    .complete(Map.of(), measured, measured, measured));
    assertThat(tooLong.violations())
        .containsExactly(
            new Violation(
                "",
                "predicted seconds of the device: must be at most 2"
                    + " (darkroom.limits.device-seconds), is 3.2 (10 rows of 0.586 ms,"
                    + " 20 rows of 9.375 ms, 20 rows of 150.000 ms)"));
  }

  @Test
  void theLastResultLimitsThePictureThatIsEnlargedTwice() throws InvalidPlan {
    String json =
        "{'id':'a','kind':'upscale','model':'larger','image':{'uri':'s3://pictures/a.png'},"
            + "'then':[{'kind':'upscale','model':'larger'}]}";
    byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    RenderRequest request =
        ((Decoded.Valid) new RequestCodec(1 << 20).read(body, "application/json")).request();

    Draft draft = new Planner(LIMITS).draft(request, LARGER, LARGER);

    assertThat(draft.inputs()).singleElement().extracting(Draft.Input::most).isEqualTo(256L);
    Map<String, InputFacts> facts = Map.of("/image", new InputFacts(new Size(16, 8), 0));
    assertThat(draft.complete(facts, DeviceCost.NONE, DeviceCost.NONE).last().result())
        .isEqualTo(new Size(256, 128));
  }
}
