package io.darkroom.app.cli;

import io.darkroom.job.RenderRequest;
import io.darkroom.job.Size;
import io.darkroom.job.StageRequest;
import io.darkroom.model.DeviceCost;
import io.darkroom.model.ModelCard;
import io.darkroom.plan.InputFacts;
import io.darkroom.plan.InvalidPlan;
import io.darkroom.plan.Planner;
import io.darkroom.plan.RenderPlan;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plans recorded requests without reading their pictures: the size of a picture that is enlarged
 * follows from the size of a stored result.
 *
 * @param cards the models here, by name
 */
record RecordedPlans(Map<String, ModelCard> cards, Planner planner) {

  RecordedPlans {
    cards = Map.copyOf(cards);
  }

  /**
   * Returns the plan of a request; empty if a model is not here or the request is refused.
   *
   * @param stage the stage with the stored result, from 0
   * @param result size of the stored result, if it is a picture
   */
  Optional<RenderPlan> of(RenderRequest request, int stage, Optional<Size> result) {
    List<ModelCard> models =
        request.stages().stream()
            .map(each -> each.model().name())
            .filter(cards::containsKey)
            .map(cards::get)
            .toList();
    if (models.size() < request.stages().size()) {
      return Optional.empty();
    }
    List<ModelCard> until = models.subList(0, stage + 1);
    int scale = until.stream().mapToInt(ModelCard::scale).reduce(1, (a, b) -> a * b);
    return until.get(0).enlarges() && result.stream().anyMatch(size -> !divides(scale, size))
        ? Optional.empty()
        : plan(request, models, enlarged(until.get(0), scale, result));
  }

  private Optional<RenderPlan> plan(
      RenderRequest request, List<ModelCard> models, Map<String, InputFacts> inputs) {
    List<DeviceCost> unlimited = Collections.nCopies(models.size(), DeviceCost.NONE);
    try {
      return Optional.of(
          planner
              .draft(request, models.toArray(ModelCard[]::new))
              .complete(inputs, unlimited.toArray(DeviceCost[]::new)));
    } catch (InvalidPlan refused) {
      return Optional.empty();
    }
  }

  private static boolean divides(int scale, Size size) {
    return size.width() % scale == 0 && size.height() % scale == 0;
  }

  /** Returns the facts of the picture that the first stage enlarges. */
  private static Map<String, InputFacts> enlarged(
      ModelCard first, int scale, Optional<Size> result) {
    if (!first.enlarges() || result.isEmpty()) {
      return Map.of();
    }
    Size source = new Size(result.get().width() / scale, result.get().height() / scale);
    return Map.of(StageRequest.IMAGE, new InputFacts(source, 0));
  }
}
