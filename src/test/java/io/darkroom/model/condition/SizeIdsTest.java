package io.darkroom.model.condition;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.diffusion.noise.PhiloxNoise;
import io.darkroom.job.ModelArguments;
import io.darkroom.job.ModelRef;
import io.darkroom.job.Prompts;
import io.darkroom.job.Sampling;
import io.darkroom.job.Size;
import io.darkroom.job.Source;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.ElementType;
import io.darkroom.model.Shape;
import io.darkroom.model.TensorInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** The numbers of SDXL's size conditioning, as diffusers' {@code _get_add_time_ids} gives them. */
class SizeIdsTest {
  private static final Size SIZE = new Size(/* width= */ 64, /* height= */ 32);

  private static SizeIds ids(boolean scored) {
    List<Long> dimensions = List.of(TensorInfo.ANY, scored ? 5L : 6L);
    return new SizeIds(new TensorInfo("time_ids", ElementType.FLOAT, dimensions), scored);
  }

  private static StageRequest request(Source source, Map<String, Object> arguments) {
    return new StageRequest(
        new ModelRef("sdxl", Optional.empty()),
        Prompts.NONE,
        Optional.empty(),
        source,
        Map.of(),
        new ModelArguments(arguments),
        new Sampling(
            Optional.empty(),
            Map.of(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            Map.of(),
            Map.of()));
  }

  private static ConditionPlan plan(SizeIds ids, Map<String, Object> arguments) {
    StageRequest request = request(new Source.Nothing(Optional.of(SIZE)), arguments);
    return ids.plan(request, "sdxl", new Violations());
  }

  private static List<float[]> rows(ConditionPlan plan) {
    ConditionPlan.Rows rows =
        plan.tensors(
            new ConditionPlan.Inputs(
                SIZE, new Shape(4, 4, 8), 0, new PhiloxNoise(1), Map.of(), Map.of(), List.of()));
    return List.of(
        rows.unconditional().tensors().get("time_ids"),
        rows.conditional().tensors().get("time_ids"));
  }

  @Test
  void bothRowsHaveTheSizesOfTheRequestOrOfTheResult() {
    assertThat(rows(plan(ids(false), Map.of()))).containsOnly(new float[] {32, 64, 0, 0, 32, 64});
    Map<String, Object> given =
        Map.of("original_size", List.of(1, 2), "crops_coords_top_left", List.of(3, 4));
    assertThat(rows(plan(ids(false), given))).containsOnly(new float[] {1, 2, 3, 4, 32, 64});
  }

  @Test
  void theRefinerTakesAScoreInsteadOfTheTargetSize() {
    assertThat(rows(plan(ids(true), Map.of())))
        .containsExactly(new float[] {32, 64, 0, 0, 2.5f}, new float[] {32, 64, 0, 0, 6});
    Map<String, Object> given =
        Map.of(
            "aesthetic_score",
            7.5,
            "negative_aesthetic_score",
            1,
            "crops_coords_top_left",
            List.of(3, 4));
    assertThat(rows(plan(ids(true), given)))
        .containsExactly(new float[] {32, 64, 0, 0, 1}, new float[] {32, 64, 3, 4, 7.5f});
  }

  @Test
  void theArgumentsAreThoseOfTheInputAndEachDefaultIsFilledIn() {
    StageRequest first = request(new Source.Nothing(Optional.of(SIZE)), Map.of());
    StageRequest later = request(new Source.Latents(0.5), Map.of());
    ConditionPlan scored = plan(ids(true), Map.of());
    assertThat(scored.arguments()).doesNotContain("target_size");
    assertThat(scored.fill(first).arguments().values().keySet())
        .containsExactlyInAnyOrderElementsOf(scored.arguments());
    assertThat(scored.fill(later).arguments().values())
        .isEqualTo(Map.of("aesthetic_score", 6.0, "negative_aesthetic_score", 2.5));
    ConditionPlan sizes = plan(ids(false), Map.of());
    assertThat(sizes.arguments()).doesNotContain("aesthetic_score");
    assertThat(sizes.fill(first).arguments().values().keySet())
        .containsExactlyInAnyOrderElementsOf(sizes.arguments());
  }
}
