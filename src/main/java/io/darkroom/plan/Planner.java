package io.darkroom.plan;

import io.darkroom.image.Medium;
import io.darkroom.job.Output;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Seeds;
import io.darkroom.job.Size;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.DeviceCost;
import io.darkroom.model.ModelCard;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plans a request: fills in all defaults, checks all limits, and binds the samplers to their
 * schedules. The plan depends only on the request, the model cards, the facts of the inputs and the
 * limits.
 */
public final class Planner {

  private final Limits limits;
  private final Costs costs;

  public Planner(Limits limits) {
    this.limits = limits;
    this.costs = new Costs(limits);
  }

  /**
   * Plans a request without pictures, for packages without measurements.
   *
   * @param cards one per stage, in order
   * @throws InvalidPlan with every violation if a model or this worker cannot render it
   */
  public RenderPlan plan(RenderRequest request, ModelCard... cards) throws InvalidPlan {
    List<DeviceCost> unknown = Collections.nCopies(cards.length, DeviceCost.NONE);
    return draft(request, cards).complete(Map.of(), unknown.toArray(DeviceCost[]::new));
  }

  /**
   * Plans everything that does not depend on the contents of inputs.
   *
   * @param cards one per stage, in order
   * @throws InvalidPlan with every violation if a model or this worker cannot render it
   */
  public Draft draft(RenderRequest request, ModelCard... cards) throws InvalidPlan {
    Violations violations = new Violations();
    Seeds seeds = SeedChoice.effective(request, limits, violations);
    Output output = OutputChoice.of(request.output(), List.of(cards), violations);
    List<StageChoice> choices = choices(request.stages(), List.of(cards), violations);
    checkWork(choices, seeds.numImages(), violations);
    InvalidPlan.throwIfAny(violations);
    List<StageRequest> filled = choices.stream().map(StageChoice::fillDefaults).toList();
    List<StageRequest> then = filled.subList(1, filled.size());
    RenderRequest effective =
        new RenderRequest(request.id(), filled.get(0), then, seeds, output, request.options());
    List<Stage.Image> images = SeedChoice.images(seeds);
    List<Stage> stages = choices.stream().map(choice -> choice.stage(images)).toList();
    List<String> warnings =
        choices.stream().flatMap(choice -> choice.sampling().warnings().stream()).toList();
    return new Draft(new RenderPlan(effective, stages, warnings).withFirst(stages.get(0)), costs);
  }

  private List<StageChoice> choices(
      List<StageRequest> stages, List<ModelCard> cards, Violations violations) {
    List<StageChoice> choices = new ArrayList<>();
    for (int i = 0; i < stages.size(); i++) {
      Violations ofStage = violations.under(RenderRequest.pointer(i));
      if (i > 0) {
        checkChannels(cards.get(i - 1), cards.get(i), ofStage);
      }
      Optional<StageChoice> before = i > 0 ? Optional.of(choices.get(i - 1)) : Optional.empty();
      choices.add(StageChoice.of(stages.get(i), cards.get(i), before, limits, ofStage));
    }
    return choices;
  }

  private static void checkChannels(ModelCard before, ModelCard card, Violations violations) {
    int needed = card.sourceChannels();
    violations.check(
        before.medium().is(Medium.Kind.PICTURE) && before.pictureChannels() == needed,
        "/model",
        () ->
            "must follow a model whose images have %d channels; those of %s have %d"
                .formatted(needed, before.name(), before.pictureChannels()));
  }

  /** Checks the sizes and the work that are known without the header of a picture. */
  private void checkWork(List<StageChoice> choices, int images, Violations violations) {
    if (choices.get(0).size().isEmpty()) {
      return;
    }
    Size size = choices.get(0).size().get();
    long work = choices.get(0).work(images, size, limits.most());
    for (int i = 1; i < choices.size() && size.pixels() <= limits.maxPixels(); i++) {
      work += choices.get(i).work(images, size, limits.maxPixels());
      size = choices.get(i).card().resultOf(size);
      costs.checkPixels(size, RenderRequest.pointer(i), violations);
    }
    costs.checkWork(work, "", violations);
  }
}
