package io.darkroom.plan;

import io.darkroom.job.ImageRef;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.DeviceCost;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A request that is decided but for what the headers of its inputs say. */
public final class Draft {
  private final RenderPlan plan;
  private final Costs costs;

  Draft(RenderPlan plan, Costs costs) {
    this.plan = plan;
    this.costs = costs;
  }

  /** The pictures whose headers planning needs, those that the stage reads. */
  public List<Input> inputs() {
    Map<String, ImageRef> given = plan.effective().stage().references();
    return plan.stage().pictures().stream().map(pointer -> input(given, pointer)).toList();
  }

  private Input input(Map<String, ImageRef> given, String pointer) {
    ImageRef ref = Objects.requireNonNull(given.get(pointer), pointer);
    return new Input(ref, pointer, mostPixels(pointer));
  }

  private long mostPixels(String pointer) {
    return pointer.equals(StageRequest.IMAGE) && plan.stage().model().enlarges()
        ? costs.mostInputPixels(plan.stage())
        : costs.mostPixels();
  }

  /**
   * A picture that a request gives.
   *
   * @param pointer of it in the request
   * @param mostPixels that it may have, so that the result keeps to the limits
   */
  public record Input(ImageRef ref, String pointer, long mostPixels) {}

  /**
   * The complete plan.
   *
   * @param inputs facts of {@link #inputs}, by pointer
   * @param measured of the package when it was loaded
   * @throws InvalidPlan where the render would be more than one request may ask for
   */
  public RenderPlan complete(Map<String, InputFacts> inputs, DeviceCost measured)
      throws InvalidPlan {
    long readingBytes = inputs.values().stream().mapToLong(InputFacts::readingBytes).sum();
    Stage stage = plan.stage().reading(inputs);
    Violations misfits = new Violations();
    inputs.forEach(
        (pointer, input) ->
            stage
                .misfit(pointer, input.size())
                .ifPresent(each -> misfits.add(each.pointer(), each.message())));
    InvalidPlan.throwIfAny(misfits);
    if (!stage.model().enlarges() || !inputs.containsKey(StageRequest.IMAGE)) {
      costs.check(stage, readingBytes, measured, "");
    } else {
      costs.checkResult(stage, StageRequest.IMAGE);
      costs.check(stage, readingBytes, measured, StageRequest.IMAGE);
    }
    return plan.withStage(stage);
  }
}
