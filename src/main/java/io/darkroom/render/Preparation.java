package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.RenderRequest;
import io.darkroom.plan.Draft;
import io.darkroom.plan.InvalidPlan;
import io.darkroom.plan.Planner;
import io.darkroom.plan.RenderPlan;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** Prepares a valid request for the engine: deadline, model, header of the input, plan. */
final class Preparation {
  private final Planner planner;
  private final ServedModels models;
  private final InputReader inputs;
  private final Clock clock;

  Preparation(Planner planner, ServedModels models, InputReader inputs, Clock clock) {
    this.planner = planner;
    this.models = models;
    this.inputs = inputs;
    this.clock = clock;
  }

  /**
   * Prepares a request.
   *
   * @throws RenderFailure where its deadline has passed, its model is not served, it cannot be
   *     planned or its input does not fit
   */
  Prepared prepare(RenderRequest request) throws RenderFailure {
    if (passed(request)) {
      throw RenderFailure.failed(
          ErrorClass.DEADLINE, "the deadline passed before the render started");
    }
    LoadedModel model = models.find(request.model());
    Draft draft = draft(request, model);
    Optional<InputReader.Announced> input = announced(draft);
    RenderPlan plan = complete(draft, input, model);
    Prompting prompting = Prompting.of(plan.stage().conditions(), model.tokenizer());
    return new Prepared(plan, model, input, prompting);
  }

  private boolean passed(RenderRequest request) {
    Optional<Instant> deadline = request.options().deadline();
    return deadline.isPresent() && clock.instant().isAfter(deadline.get());
  }

  private Draft draft(RenderRequest request, LoadedModel model) throws RenderFailure {
    try {
      return planner.draft(request, model.card());
    } catch (InvalidPlan invalid) {
      throw RenderFailure.unplannable(invalid);
    }
  }

  private Optional<InputReader.Announced> announced(Draft draft) throws RenderFailure {
    if (draft.input().isEmpty()) {
      return Optional.empty();
    }
    Draft.Input input = draft.input().get();
    return Optional.of(inputs.announced(input.ref(), input.pointer(), input.mostPixels()));
  }

  private static RenderPlan complete(
      Draft draft, Optional<InputReader.Announced> input, LoadedModel model) throws RenderFailure {
    try {
      return draft.complete(input.map(InputReader.Announced::facts), model.findings().cost());
    } catch (InvalidPlan invalid) {
      throw input.isPresent()
          ? RenderFailure.tooLargeInput(invalid)
          : RenderFailure.unplannable(invalid);
    }
  }
}
