package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.RenderRequest;
import io.darkroom.plan.Draft;
import io.darkroom.plan.InputFacts;
import io.darkroom.plan.InvalidPlan;
import io.darkroom.plan.Planner;
import io.darkroom.plan.RenderPlan;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
   * @throws RenderFailure if its deadline has passed, its model is not served, it cannot be
   *     planned, or its input does not fit
   */
  Prepared prepare(RenderRequest request) throws RenderFailure {
    if (passed(request)) {
      throw RenderFailure.failed(
          ErrorClass.DEADLINE, "the deadline passed before the render started");
    }
    LoadedModel model = models.find(request.model());
    Draft draft = draft(request, model);
    List<InputReader.Announced> announced = announced(draft);
    RenderPlan plan = complete(draft, announced, model);
    Prompting prompting = Prompting.of(plan.stage().conditions(), model.tokenizer());
    return new Prepared(plan, model, announced, prompting);
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

  private List<InputReader.Announced> announced(Draft draft) throws RenderFailure {
    List<InputReader.Announced> announced = new ArrayList<>();
    for (Draft.Input input : draft.inputs()) {
      announced.add(inputs.announced(input.ref(), input.pointer(), input.mostPixels()));
    }
    return announced;
  }

  private static RenderPlan complete(
      Draft draft, List<InputReader.Announced> inputs, LoadedModel model) throws RenderFailure {
    Map<String, InputFacts> facts = new LinkedHashMap<>();
    inputs.forEach(input -> facts.put(input.pointer(), input.facts()));
    try {
      return draft.complete(facts, model.findings().cost());
    } catch (InvalidPlan invalid) {
      throw inputs.isEmpty()
          ? RenderFailure.unplannable(invalid)
          : RenderFailure.tooLargeInput(invalid);
    }
  }
}
