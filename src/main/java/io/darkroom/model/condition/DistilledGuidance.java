package io.darkroom.model.condition;

import com.google.auto.service.AutoService;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Condition;
import io.darkroom.model.ConditionFamily;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditioning;
import io.darkroom.model.PackageFacts;
import io.darkroom.model.TensorInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Guidance of distilled networks (FLUX): {@code guidance_scale} is an input of the network, or has
 * no effect if the network was distilled to a few steps. Classifier-free guidance has a separate
 * scale, {@code true_cfg_scale}, and needs a negative prompt.
 *
 * @param input the network's input, {@code [N]}; empty if it has none
 */
public record DistilledGuidance(Optional<TensorInfo> input) implements Condition {
  private static final String INPUT = "guidance";
  private static final String SCALE = "true_cfg_scale";
  private static final double STANDARD = 3.5;

  @Override
  public List<TensorInfo> inputs() {
    return input.stream().toList();
  }

  @Override
  public boolean guides() {
    return false;
  }

  @Override
  public String summary() {
    return input.isPresent() ? "guidance_scale, " + STANDARD + " by default" : "no guidance_scale";
  }

  @Override
  public ConditionPlan plan(StageRequest request, String model, Violations violations) {
    double scale = request.sampling().guidanceScale().orElse(input.isPresent() ? STANDARD : 0);
    double own = request.arguments().number(SCALE).orElse(1);
    violations.check(
        input.isPresent() || scale <= 1,
        "/guidance_scale",
        "must be 1 or less for " + model + ", which has no guidance input, is " + scale);
    violations.check(
        own <= 1 || request.prompts().negativePrompt().isPresent(),
        "/negative_prompt",
        "is required with true_cfg_scale above 1");
    violations.check(
        request.sampling().guidanceRescale().orElse(0) == 0,
        "/guidance_rescale",
        "must be 0 for " + model + ", which takes guidance_scale as an input of the network");
    return new Plan(input.isPresent(), scale, own);
  }

  /**
   * The scales of a request.
   *
   * @param scale value for the network's input
   * @param own scale of classifier-free guidance
   */
  private record Plan(boolean taken, double scale, double own) implements ConditionPlan {

    @Override
    public List<String> arguments() {
      return List.of(SCALE);
    }

    @Override
    public OptionalDouble guidanceScale() {
      return OptionalDouble.of(own);
    }

    @Override
    public StageRequest fill(StageRequest request) {
      return request
          .withSampling(request.sampling().withGuidanceScale(scale))
          .withArguments(request.arguments().withDefaults(Map.of(SCALE, own)));
    }

    @Override
    public Rows tensors(Inputs inputs) {
      return Rows.both(
          taken ? Conditioning.tensor(INPUT, new float[] {(float) scale}) : Conditioning.NONE);
    }
  }

  /** Recognises the condition by the network's configuration. */
  @AutoService(ConditionFamily.class)
  public static final class Family implements ConditionFamily {
    private static final String EMBEDS = "guidance_embeds";

    @Override
    public Optional<DistilledGuidance> recognize(PackageFacts facts) throws BrokenPackage {
      if (!facts.config().has(EMBEDS)) {
        return Optional.empty();
      }
      Optional<TensorInfo> input = facts.input(INPUT);
      boolean embeds = Boolean.TRUE.equals(facts.config().value(EMBEDS));
      if (embeds != input.isPresent()
          || input.stream().anyMatch(each -> each.rank() != 1 || !each.type().real())) {
        throw facts.broken(
            INPUT, "must be a vector of float32 or float16 if guidance_embeds is true");
      }
      return Optional.of(new DistilledGuidance(input));
    }

    @Override
    public boolean makes(Condition condition) {
      return condition instanceof DistilledGuidance;
    }
  }
}
