package io.darkroom.model.condition;

import com.google.auto.service.AutoService;
import io.darkroom.job.ModelArguments;
import io.darkroom.job.Size;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Condition;
import io.darkroom.model.ConditionFamily;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditioning;
import io.darkroom.model.PackageFacts;
import io.darkroom.model.TensorInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sizes as numbers: height and width of the picture before cropping, top and left of the crop,
 * target height and width (SDXL, Podell et al. 2023, section 2.2). Conditional and unconditional
 * rows have the same sizes. SDXL's refiner has an aesthetic score instead of the target size; its
 * unconditional rows have a separate score and no crop, as in diffusers' image-to-image pipeline.
 *
 * @param input the network's input, {@code [N, 6]}, or with a score {@code [N, 5]}
 * @param scored whether it includes a score
 */
public record SizeIds(TensorInfo input, boolean scored) implements Condition {
  private static final String INPUT = "time_ids";
  private static final String ORIGINAL = "original_size";
  private static final String CROP = "crops_coords_top_left";
  private static final String TARGET = "target_size";
  private static final String SCORE = "aesthetic_score";
  private static final String NEGATIVE_SCORE = "negative_aesthetic_score";

  /** Defaults of diffusers' pipeline. */
  private static final Map<String, Double> SCORES = Map.of(SCORE, 6.0, NEGATIVE_SCORE, 2.5);

  @Override
  public List<TensorInfo> inputs() {
    return List.of(input);
  }

  @Override
  public boolean guides() {
    return false;
  }

  @Override
  public String summary() {
    return scored ? "sizes and an aesthetic score" : "sizes";
  }

  @Override
  public ConditionPlan plan(StageRequest request, String model, Violations violations) {
    return new Plan(request.arguments(), scored);
  }

  /** The sizes of a request. */
  private record Plan(ModelArguments given, boolean scored) implements ConditionPlan {

    @Override
    public List<String> arguments() {
      return scored
          ? List.of(ORIGINAL, CROP, SCORE, NEGATIVE_SCORE)
          : List.of(ORIGINAL, CROP, TARGET);
    }

    @Override
    public StageRequest fill(StageRequest request) {
      Map<String, Object> filled = new HashMap<>(scored ? SCORES : Map.of());
      request.source().size().ifPresent(size -> filled.putAll(standard(size)));
      filled.keySet().retainAll(arguments());
      return request.withArguments(request.arguments().withDefaults(filled));
    }

    private static Map<String, List<Integer>> standard(Size size) {
      List<Integer> sides = List.of(size.height(), size.width());
      return Map.of(ORIGINAL, sides, CROP, List.of(0, 0), TARGET, sides);
    }

    @Override
    public Rows tensors(Inputs inputs) {
      ModelArguments all = given.withDefaults(standard(inputs.result())).withDefaults(SCORES);
      List<Integer> crop = all.pair(CROP).orElseThrow();
      if (!scored) {
        List<Integer> target = all.pair(TARGET).orElseThrow();
        return Rows.both(ids(all, crop, target.get(0), target.get(1)));
      }
      double score = all.number(SCORE).orElseThrow();
      double negative = all.number(NEGATIVE_SCORE).orElseThrow();
      return new Rows(ids(all, crop, score), ids(all, List.of(0, 0), negative));
    }

    private static Conditioning ids(ModelArguments all, List<Integer> crop, double... others) {
      float[] ids = new float[crop.size() * 2 + others.length];
      List<Integer> original = all.pair(ORIGINAL).orElseThrow();
      for (int i = 0; i < crop.size(); i++) {
        ids[i] = original.get(i);
        ids[crop.size() + i] = crop.get(i);
      }
      for (int i = 0; i < others.length; i++) {
        ids[crop.size() * 2 + i] = (float) others[i];
      }
      return Conditioning.tensor(INPUT, ids);
    }
  }

  /**
   * Recognises the condition by the network's input; {@code model_index.json} states whether it is
   * scored.
   */
  @AutoService(ConditionFamily.class)
  public static final class Family implements ConditionFamily {
    private static final String REQUIRES_SCORE = "requires_aesthetics_score";
    private static final int UNSCORED = 6;
    private static final int SCORED = 5;

    @Override
    public Optional<SizeIds> recognize(PackageFacts facts) throws BrokenPackage {
      Optional<TensorInfo> found = facts.input(INPUT);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      TensorInfo input = found.get();
      boolean scored =
          Boolean.TRUE.equals(facts.files().config("model_index.json").value(REQUIRES_SCORE));
      int size = scored ? SCORED : UNSCORED;
      boolean fits = input.rank() == 2 && (input.size(1) < 1 || input.size(1) == size);
      if (!fits || !input.type().real()) {
        throw facts.broken(
            INPUT,
            "must be float32 or float16 [N, %d] where %s is %s, is %s"
                .formatted(size, REQUIRES_SCORE, scored, input));
      }
      List<Long> dimensions = List.of(TensorInfo.ANY, (long) size);
      return Optional.of(new SizeIds(new TensorInfo(INPUT, input.type(), dimensions), scored));
    }

    @Override
    public boolean makes(Condition condition) {
      return condition instanceof SizeIds;
    }
  }
}
