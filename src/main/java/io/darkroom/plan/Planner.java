package io.darkroom.plan;

import io.darkroom.diffusion.Guidance;
import io.darkroom.job.Output;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Sampling;
import io.darkroom.job.Seeds;
import io.darkroom.job.Size;
import io.darkroom.job.Source;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.Condition;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditions;
import io.darkroom.model.DeviceCost;
import io.darkroom.model.ModelCard;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides a request: every default filled in, every bound checked, the sampler bound to its
 * schedule. A pure function of request, model card, input facts and limits: the same everywhere.
 */
public final class Planner {
  /** Stands for the size of a picture that is not known yet. */
  private static final Size ONE = new Size(1, 1);

  private final Limits limits;
  private final Costs costs;

  public Planner(Limits limits) {
    this.limits = limits;
    this.costs = new Costs(limits);
  }

  /**
   * The plan of a request that gives no picture, for a package of which nothing was measured.
   *
   * @throws InvalidPlan where the model or this worker cannot do it; with every violation
   */
  public RenderPlan plan(RenderRequest request, ModelCard card) throws InvalidPlan {
    return draft(request, card).complete(Map.of(), DeviceCost.NONE);
  }

  /**
   * Decides everything that does not depend on the contents of inputs.
   *
   * @throws InvalidPlan where the model or this worker cannot do it; with every violation
   */
  public Draft draft(RenderRequest request, ModelCard card) throws InvalidPlan {
    Violations violations = new Violations();
    Seeds seeds = SeedChoice.effective(request, limits, violations);
    Output output = OutputChoice.of(request.output(), card, violations);
    StageRequest asked = request.stage();
    Optional<Size> size = size(asked.source(), card, violations);
    SamplingChoice sampling = SamplingChoice.of(asked, card, size, violations);
    violations.check(
        sampling.stepCount() <= limits.maxSteps(),
        "/num_inference_steps",
        "must be 1 to " + limits.maxSteps() + " for this worker, is " + sampling.stepCount());
    SourceChoice.check(asked.source(), card, sampling.bound(), violations);
    List<ConditionPlan> conditions = Conditions.plan(asked, card, violations);
    Guidance guidance = guidance(asked.sampling(), card, conditions, violations);
    long rows = Stage.rows(seeds.numImages(), sampling.evaluations(), guidance);
    size.ifPresent(known -> costs.checkWork(rows * known.pixels(), "", violations));
    InvalidPlan.throwIfAny(violations);
    StageRequest filled = asked.withSampling(sampling.effective(guidance));
    if (size.isPresent()) {
      filled = filled.withSource(SourceChoice.filled(asked.source().withSize(size.get())));
    }
    for (ConditionPlan condition : conditions) {
      filled = condition.fill(filled);
    }
    RenderRequest effective =
        new RenderRequest(request.id(), filled, seeds, output, request.options());
    Stage stage =
        new Stage(
            card,
            sampling.schedulerName(),
            sampling.sampler(),
            guidance,
            conditions,
            SourceChoice.start(asked.source(), card, sampling.sampler()),
            size.orElse(ONE),
            0,
            SeedChoice.parts(seeds));
    return new Draft(
        new RenderPlan(effective, stage, sampling.stepCount(), sampling.warnings()), costs);
  }

  private Optional<Size> size(Source source, ModelCard card, Violations violations) {
    return source instanceof Source.Enlarge
        ? Optional.empty()
        : Optional.of(SizeChoice.of(source.size(), card, limits, violations));
  }

  /** Guidance where the package has it and the request's conditions have an unconditional form. */
  private static Guidance guidance(
      Sampling asked, ModelCard card, List<ConditionPlan> conditions, Violations violations) {
    violations.check(
        card.guides() || asked.guidanceScale().orElse(1) <= 1,
        "/guidance_scale",
        "must be 1 or less for " + card.name() + ", which has no guidance");
    boolean embedded = card.conditions().stream().anyMatch(Condition::embedsGuidance);
    if (embedded || conditions.stream().noneMatch(ConditionPlan::guides)) {
      return Guidance.NONE;
    }
    double scale = asked.guidanceScale().orElse(card.defaults().guidanceScale().orElse(1));
    return new Guidance(scale, asked.guidanceRescale().orElse(0));
  }
}
