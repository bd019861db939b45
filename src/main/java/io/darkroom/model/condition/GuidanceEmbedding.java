package io.darkroom.model.condition;

import com.google.auto.service.AutoService;
import io.darkroom.job.Sampling;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Condition;
import io.darkroom.model.ConditionFamily;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditioning;
import io.darkroom.model.ElementType;
import io.darkroom.model.PackageFacts;
import io.darkroom.model.TensorInfo;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The guidance scale as an input of the network, embedded by sines and cosines: latent consistency
 * models (Luo et al. 2023), which were distilled with guidance and need no unconditional row.
 *
 * @param standard the default scale
 * @param embedding the network's input, {@code [N, width]}
 */
public record GuidanceEmbedding(double standard, TensorInfo embedding) implements Condition {
  private static final String INPUT = "timestep_cond";

  @Override
  public List<TensorInfo> inputs() {
    return List.of(embedding);
  }

  @Override
  public boolean guides() {
    return false;
  }

  @Override
  public String summary() {
    return "guidance_scale, " + standard + " by default";
  }

  @Override
  public ConditionPlan plan(StageRequest request, String model, Violations violations) {
    String rule = " for " + model + ", which takes guidance_scale as an input of the network";
    violations.check(
        request.prompts().negativePrompt().orElse("").isEmpty(),
        "/negative_prompt",
        "must be left out" + rule);
    violations.check(
        request.sampling().guidanceRescale().orElse(0) == 0,
        "/guidance_rescale",
        "must be 0" + rule);
    double scale = request.sampling().guidanceScale().orElse(standard);
    return new Plan(scale, Math.toIntExact(embedding.size(1)));
  }

  /** The scale of a request. */
  private record Plan(double scale, int width) implements ConditionPlan {
    private static final float FACTOR = 1000;
    private static final double LONGEST = 10_000;

    /** Returns 1: there are no unconditional rows. */
    @Override
    public OptionalDouble guidanceScale() {
      return OptionalDouble.of(1);
    }

    @Override
    public StageRequest fill(StageRequest request) {
      Sampling sampling = request.sampling();
      return request.withSampling(sampling.withGuidanceScale(scale));
    }

    @Override
    public Rows tensors(Inputs inputs) {
      return Rows.both(Conditioning.tensor(INPUT, embedded()));
    }

    /**
     * Computes the embedding in floats as in PyTorch: the sine of a large number depends on its
     * last bits.
     */
    private float[] embedded() {
      float[] values = new float[width];
      int half = width / 2;
      float step = (float) (-StrictMath.log(LONGEST) / (half - 1));
      float w = (float) (scale - 1) * FACTOR;
      for (int k = 0; k < half; k++) {
        float angle = w * (float) StrictMath.exp(k * step);
        values[k] = (float) StrictMath.sin(angle);
        values[half + k] = (float) StrictMath.cos(angle);
      }
      return values;
    }
  }

  /** Recognises the condition by the network's input. */
  @AutoService(ConditionFamily.class)
  public static final class Family implements ConditionFamily {
    /** Default of diffusers' pipeline. */
    private static final double SCALE = 8.5;

    private static final int LEAST = 4;

    @Override
    public Optional<GuidanceEmbedding> recognize(PackageFacts facts) throws BrokenPackage {
      Optional<TensorInfo> input = facts.input(INPUT);
      return input.isPresent() ? Optional.of(embedding(facts, input.get())) : Optional.empty();
    }

    private static GuidanceEmbedding embedding(PackageFacts facts, TensorInfo input)
        throws BrokenPackage {
      if (input.rank() != 2 || !input.type().real()) {
        throw facts.broken(INPUT, "must be float32 or float16 of two dimensions, is " + input);
      }
      long width =
          input.size(1) > 0 ? input.size(1) : facts.config().positive("time_cond_proj_dim");
      if (width < LEAST) {
        throw facts.broken(INPUT, "must have " + LEAST + " columns or more, has " + width);
      }
      ElementType type = input.type();
      return new GuidanceEmbedding(
          facts.config().number("guidance_scale_default").orElse(SCALE),
          new TensorInfo(INPUT, type, List.of(TensorInfo.ANY, width)));
    }

    @Override
    public boolean makes(Condition condition) {
      return condition instanceof GuidanceEmbedding;
    }
  }
}
