package io.darkroom.plan;

import io.darkroom.diffusion.Guidance;
import io.darkroom.job.Sampling;
import io.darkroom.job.Size;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditions;
import io.darkroom.model.ModelCard;
import java.util.List;
import java.util.Optional;

/**
 * The planned part of a stage before the headers of its inputs are known.
 *
 * @param asked the stage of the request
 * @param size size of the result; empty if a picture determines it
 */
record StageChoice(
    StageRequest asked,
    ModelCard card,
    Optional<Size> size,
    SamplingChoice sampling,
    List<ConditionPlan> conditions,
    Guidance guidance) {
  /** Replaces the size of a picture that is not known yet. */
  private static final Size ONE = new Size(1, 1);

  StageChoice {
    conditions = List.copyOf(conditions);
  }

  /**
   * @param before the previous stage, if there is one
   * @param violations receives violations, with pointers within the stage; if there are any, only
   *     {@link #work} may be called
   */
  static StageChoice of(
      StageRequest asked,
      ModelCard card,
      Optional<StageChoice> before,
      Limits limits,
      Violations violations) {
    Optional<Size> size = SizeChoice.of(asked, card, before, limits, violations);
    SamplingChoice sampling = SamplingChoice.of(asked, card, size, violations);
    before.ifPresent(earlier -> sampling.checkScale(earlier.sampling, violations));
    violations.check(
        sampling.stepCount() <= limits.maxSteps(),
        "/num_inference_steps",
        "must be 1 to " + limits.maxSteps() + " for this worker, is " + sampling.stepCount());
    SourceChoice.check(asked.source(), card, sampling.bound(), violations);
    List<ConditionPlan> conditions = Conditions.plan(asked, card, violations);
    Guidance guidance = guidance(asked.sampling(), card, conditions, violations);
    checkCache(asked, card, violations);
    return new StageChoice(asked, card, size, sampling, conditions, guidance);
  }

  /** Adds a violation if the network cannot be split as the cache needs it. */
  private static void checkCache(StageRequest asked, ModelCard card, Violations violations) {
    if (asked.sampling().cache().isEmpty()) {
      return;
    }
    int cuts = card.skips().size();
    int depth = asked.sampling().cache().get().depth();
    violations.check(
        cuts > 0,
        "/cache",
        "must be left out for "
            + card.name()
            + ": its network must be a U-Net whose skip connections are joined by Concat, and has"
            + " none");
    violations.check(
        cuts == 0 || depth <= cuts,
        "/cache/depth",
        "must be 1 to %d for %s, is %d".formatted(cuts, card.name(), depth));
    violations.check(
        asked.loras().isEmpty(), "/cache", "must be left out if loras are given: leave out one");
  }

  /**
   * Returns guidance if the package supports it and the request's conditions have an unconditional
   * form.
   */
  private static Guidance guidance(
      Sampling asked, ModelCard card, List<ConditionPlan> conditions, Violations violations) {
    violations.check(
        card.guides() || asked.guidanceScale().orElse(1) <= 1,
        "/guidance_scale",
        "must be 1 or less for " + card.name() + ", which has no guidance");
    if (conditions.stream().noneMatch(ConditionPlan::guides)) {
      violations.check(
          asked.guidanceInterval().isEmpty(),
          "/guidance_interval",
          "must be left out: this request has no unguided rows for " + card.name());
      return Guidance.NONE;
    }
    double scale =
        conditions.stream()
            .flatMapToDouble(plan -> plan.guidanceScale().stream())
            .findFirst()
            .orElseGet(
                () -> asked.guidanceScale().orElse(card.defaults().guidanceScale().orElse(1)));
    return new Guidance(
        scale,
        asked.guidanceRescale().orElse(0),
        asked.guidanceInterval().orElse(Guidance.Interval.WHOLE));
  }

  /**
   * Returns the tiles of a picture that the stage enlarges, or the one tile of a generated picture.
   */
  Tiling tiling(Size base) {
    return card.enlarges() ? Stage.tiling(card, asked.source().tile(), base) : Tiling.none(base);
  }

  /**
   * Returns the rows of the network times their pixels.
   *
   * @param images number of images
   * @param base size of the picture that it enlarges or generates
   * @param most maximum number of pixels of a row to count
   */
  long work(int images, Size base, long most) {
    Tiling tiling = tiling(base);
    long parts = images * Math.min(tiling.count(), Tiling.MOST);
    Size part = tiling.count() > 1 ? tiling.size() : base;
    long pixels = Math.min(card.resultOf(part).pixels(), most);
    return Stage.work(parts, guidance, sampling.evaluations(), pixels);
  }

  /** Returns the stage of the request with all defaults. */
  StageRequest fillDefaults() {
    StageRequest filled = asked.withSampling(sampling.effective(guidance));
    if (size.isPresent()) {
      filled = SizeChoice.fillKnown(filled, size.get(), card);
    }
    for (ConditionPlan condition : conditions) {
      filled = condition.fill(filled);
    }
    return filled;
  }

  /** Returns the stage; a picture of unknown size counts as one pixel. */
  Stage stage(List<Stage.Image> images) {
    return new Stage(
        card,
        sampling.schedulerName(),
        sampling.stepCount(),
        sampling.sampler(),
        guidance,
        asked.sampling().cache(),
        conditions,
        SourceChoice.start(asked.source(), card, sampling.sampler()),
        size.orElse(ONE),
        asked.source().tile(),
        0,
        images);
  }
}
