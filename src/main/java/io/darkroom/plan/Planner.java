package io.darkroom.plan;

import io.darkroom.diffusion.Guidance;
import io.darkroom.job.Output;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.RenderRequest.Generate;
import io.darkroom.job.RenderRequest.Upscale;
import io.darkroom.job.Sampling;
import io.darkroom.job.Seeds;
import io.darkroom.job.Size;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Decides a request: every default filled in, every bound checked, the sampler bound to its
 * schedule. A pure function of request, model card, facts and limits: the same everywhere.
 */
public final class Planner {
  private static final Set<Output.Format> WRITABLE =
      Set.of(Output.Format.PNG, Output.Format.JPEG, Output.Format.NPY);

  /** Channels that picture files have: grey, or red, green and blue. */
  private static final Set<Integer> COLORS = Set.of(1, 3);

  private static final int JPEG_QUALITY = 90;

  private final Limits limits;
  private final Costs costs;

  public Planner(Limits limits) {
    this.limits = limits;
    this.costs = new Costs(limits);
  }

  /**
   * The plan of a request to a package of which nothing was measured.
   *
   * @throws InvalidPlan as below
   */
  public RenderPlan plan(RenderRequest request, ModelCard card) throws InvalidPlan {
    return plan(request, card, Facts.NONE);
  }

  /**
   * The plan of a request.
   *
   * @throws InvalidPlan where the model or this worker cannot do it; with every violation
   */
  public RenderPlan plan(RenderRequest request, ModelCard card, Facts facts) throws InvalidPlan {
    Violations violations = new Violations();
    Seeds draws = DrawsChoice.effective(request, limits, violations);
    Output output = output(request.output(), card, violations);
    Optional<Size> size =
        request instanceof Generate generate
            ? Optional.of(SizeChoice.of(generate.size(), card, limits, violations))
            : Optional.empty();
    SamplingChoice choice = SamplingChoice.of(request.sampling(), card, size, violations);
    violations.check(
        choice.stepCount() <= limits.maxSteps(),
        "/num_inference_steps",
        "must be 1 to " + limits.maxSteps() + " for this worker, is " + choice.stepCount());
    Decided decided = new Decided(size, draws, output, choice);
    return request instanceof Generate generate
        ? generate(generate, card, facts, decided, violations)
        : upscale((Upscale) request, card, decided, violations);
  }

  /** What does not depend on the kind of request. */
  private record Decided(
      Optional<Size> size, Seeds draws, Output output, SamplingChoice sampling) {}

  private RenderPlan generate(
      Generate request, ModelCard card, Facts facts, Decided decided, Violations violations)
      throws InvalidPlan {
    boolean serves = !(card.layout() instanceof ModelCard.Layout.SuperResolution);
    violations.check(serves, "/kind", "must be upscale for " + card.name() + ", is generate");
    unsupported(request, violations);
    Size size = decided.size().orElseThrow();
    ConditionChoice condition = ConditionChoice.generate(request, card, violations);
    checkWork(size, decided, condition.guidance(), violations);
    violations.throwIfAny();
    Sampling sampling = decided.sampling().effective(condition.guidance());
    Generate effective =
        new Generate(
            request.id(),
            request.model(),
            condition.prompts(),
            condition.classLabel(),
            Optional.of(size),
            request.image(),
            request.maskImage(),
            request.strength(),
            sampling,
            decided.draws(),
            decided.output(),
            request.options());
    RenderPlan plan = planned(effective, card, decided, condition);
    costs.check(plan.stages().get(0), new Start(size, 0), facts, "");
    return plan;
  }

  private RenderPlan upscale(
      Upscale request, ModelCard card, Decided decided, Violations violations) throws InvalidPlan {
    boolean serves = card.layout() instanceof ModelCard.Layout.SuperResolution;
    violations.check(serves, "/kind", "must be generate for " + card.name() + ", is upscale");
    violations.check(request.tile().isEmpty(), "/tile", "is not supported by this worker");
    ConditionChoice condition = ConditionChoice.upscale(request, card, violations);
    violations.throwIfAny();
    Sampling sampling = decided.sampling().effective(condition.guidance());
    Upscale effective =
        new Upscale(
            request.id(),
            request.model(),
            request.image(),
            request.prompts(),
            Optional.of(request.noiseLevel().orElse(0)),
            request.tile(),
            sampling,
            decided.draws(),
            decided.output(),
            request.options());
    return planned(effective, card, decided, condition);
  }

  private static void unsupported(Generate request, Violations violations) {
    String rule = "is not supported by this worker";
    violations.check(request.image().isEmpty(), "/image", rule);
    violations.check(request.maskImage().isEmpty(), "/mask_image", rule);
    violations.check(request.strength().isEmpty(), "/strength", rule);
  }

  private static RenderPlan planned(
      RenderRequest effective, ModelCard card, Decided decided, ConditionChoice condition) {
    List<Stage.Image> images = DrawsChoice.images(decided.draws());
    Stage stage =
        new Stage(
            card,
            decided.sampling().schedulerName(),
            decided.sampling().sampler(),
            condition.guidance(),
            condition.condition(),
            images);
    return new RenderPlan(
        effective, List.of(stage), decided.sampling().stepCount(), decided.sampling().warnings());
  }

  private void checkWork(Size size, Decided decided, Guidance guidance, Violations violations) {
    long work = work(size, decided.draws(), decided.sampling(), guidance);
    violations.check(
        work <= limits.maxWork(),
        "",
        "evaluations times pixels: must be at most " + limits.maxWork() + ", are " + work);
  }

  private static long work(Size size, Seeds draws, SamplingChoice sampling, Guidance guidance) {
    long rows = (long) draws.numImages() * sampling.evaluations() * (guidance.on() ? 2 : 1);
    return rows * size.pixels();
  }

  /** Most pixels of the small picture of a super-resolution. */
  public long mostBasePixels(RenderPlan plan) {
    return limits.maxPixels() / plan.stages().get(0).result(new Size(1, 1)).pixels();
  }

  /**
   * Checks a super-resolution's result against the limits, once the small picture is known.
   *
   * @throws InvalidPlan where the result would be too large
   */
  public void check(RenderPlan plan, Start start, Facts facts) throws InvalidPlan {
    Violations violations = new Violations();
    Stage stage = plan.stages().get(0);
    long pixels = start.base().pixels() * stage.result(new Size(1, 1)).pixels();
    violations.check(
        pixels <= limits.maxPixels(),
        "/image",
        "pixels of the result: must be at most " + limits.maxPixels() + ", are " + pixels);
    violations.throwIfAny();
    long work = pixels * stage.rows();
    violations.check(
        work <= limits.maxWork(),
        "/image",
        "evaluations times pixels: must be at most " + limits.maxWork() + ", are " + work);
    violations.throwIfAny();
    costs.check(stage, start, facts, "/image");
  }

  private static Output output(Output asked, ModelCard card, Violations violations) {
    Output.Format format = asked.format().orElse(Output.Format.PNG);
    violations.check(
        WRITABLE.contains(format),
        "/output/format",
        "must be png, jpeg or npy for this worker, is " + format.wire());
    int channels = card.pictureChannels();
    violations.check(
        format == Output.Format.NPY || COLORS.contains(channels),
        "/output/format",
        "must be npy for %s, whose pictures have %d channels, is %s"
            .formatted(card.name(), channels, format.wire()));
    violations.check(
        !asked.keepIntermediate(), "/output/keep_intermediate", "is not supported by this worker");
    boolean lossy = format == Output.Format.JPEG;
    violations.check(
        lossy || asked.quality().isEmpty(), "/output/quality", "is only for lossy formats");
    return new Output(
        asked.prefix(),
        Optional.of(format),
        lossy ? OptionalInt.of(asked.quality().orElse(JPEG_QUALITY)) : asked.quality(),
        asked.keepIntermediate());
  }
}
