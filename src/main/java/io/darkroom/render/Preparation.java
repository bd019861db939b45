package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import io.darkroom.job.RenderRequest;
import io.darkroom.model.DeviceCost;
import io.darkroom.model.ModelCard;
import io.darkroom.plan.Draft;
import io.darkroom.plan.InputFacts;
import io.darkroom.plan.InvalidPlan;
import io.darkroom.plan.Planner;
import io.darkroom.plan.RenderPlan;
import io.darkroom.plan.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prepares a valid request for the engine: reads the headers of its inputs, and plans it with its
 * models.
 */
final class Preparation {
  private final Planner planner;
  private final InputReader inputs;

  Preparation(Planner planner, InputReader inputs) {
    this.planner = planner;
    this.inputs = inputs;
  }

  /**
   * Prepares a request.
   *
   * @param served its models, one per stage
   * @throws RenderFailure if it cannot be planned, or its input does not fit
   */
  Prepared prepare(RenderRequest request, List<LoadedModel> served) throws RenderFailure {
    Draft draft = draft(request, served);
    List<InputReader.Announced> announced = readHeaders(draft);
    RenderPlan plan = complete(draft, announced, served);
    return new Prepared(plan, served, announced, prompting(plan, served));
  }

  private static List<Prompting> prompting(RenderPlan plan, List<LoadedModel> served) {
    List<Prompting> prompting = new ArrayList<>();
    for (Stage stage : plan.stages()) {
      LoadedModel model = served.get(prompting.size());
      prompting.add(Prompting.of(stage.conditions(), model));
    }
    return prompting;
  }

  private Draft draft(RenderRequest request, List<LoadedModel> served) throws RenderFailure {
    try {
      return planner.draft(
          request, served.stream().map(LoadedModel::card).toArray(ModelCard[]::new));
    } catch (InvalidPlan invalid) {
      throw RenderFailure.unplannable(invalid);
    }
  }

  private List<InputReader.Announced> readHeaders(Draft draft) throws RenderFailure {
    List<InputReader.Announced> announced = new ArrayList<>();
    for (Draft.Input input : draft.inputs()) {
      announced.add(inputs.readHeader(input));
    }
    return announced;
  }

  private static RenderPlan complete(
      Draft draft, List<InputReader.Announced> inputs, List<LoadedModel> served)
      throws RenderFailure {
    Map<String, InputFacts> facts = new LinkedHashMap<>();
    inputs.forEach(input -> facts.put(input.pointer(), input.facts()));
    try {
      return draft.complete(
          facts, served.stream().map(m -> m.findings().cost()).toArray(DeviceCost[]::new));
    } catch (InvalidPlan invalid) {
      throw inputs.isEmpty()
          ? RenderFailure.unplannable(invalid)
          : RenderFailure.tooLargeInput(invalid);
    }
  }
}
