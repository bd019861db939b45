package io.darkroom.app.cli;

import io.darkroom.engine.LoadedModel;
import io.darkroom.job.Manifest;
import io.darkroom.job.Size;
import io.darkroom.job.StageRequest;
import io.darkroom.model.DeviceCost;
import io.darkroom.model.ModelCard;
import io.darkroom.plan.InputFacts;
import io.darkroom.plan.InvalidPlan;
import io.darkroom.plan.Planner;
import io.darkroom.plan.RenderPlan;
import io.darkroom.render.ServedModels;
import io.darkroom.replay.Recorded;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plans recorded requests without reading their pictures: the size of a picture that is enlarged
 * follows from the size of the stored result.
 */
final class RecordedPlans {
  private final ServedModels models;
  private final Planner planner;

  RecordedPlans(ServedModels models, Planner planner) {
    this.models = models;
    this.planner = planner;
  }

  /** Returns the plan of a request; empty if a model is not served or the request is refused. */
  Optional<RenderPlan> of(Recorded recorded) {
    List<StageRequest> stages = recorded.request().stages();
    List<ModelCard> cards =
        stages.stream()
            .flatMap(
                stage -> Optional.ofNullable(models.byName().get(stage.model().name())).stream())
            .map(LoadedModel::card)
            .toList();
    return cards.size() < stages.size() ? Optional.empty() : plan(recorded, cards);
  }

  private Optional<RenderPlan> plan(Recorded recorded, List<ModelCard> cards) {
    List<DeviceCost> unlimited = Collections.nCopies(cards.size(), DeviceCost.NONE);
    try {
      return Optional.of(
          planner
              .draft(recorded.request(), cards.toArray(ModelCard[]::new))
              .complete(
                  enlarged(recorded.original(), cards), unlimited.toArray(DeviceCost[]::new)));
    } catch (InvalidPlan refused) {
      return Optional.empty();
    }
  }

  /** Returns the facts of the picture that the first stage enlarges. */
  private static Map<String, InputFacts> enlarged(Manifest original, List<ModelCard> cards) {
    Optional<Size> result =
        original.outputs().stream().findFirst().flatMap(Manifest.OutputFile::size);
    if (!cards.get(0).enlarges() || result.isEmpty()) {
      return Map.of();
    }
    int scale = cards.stream().mapToInt(ModelCard::scale).reduce(1, (a, b) -> a * b);
    Size source = new Size(result.get().width() / scale, result.get().height() / scale);
    return Map.of(StageRequest.IMAGE, new InputFacts(source, 0));
  }
}
