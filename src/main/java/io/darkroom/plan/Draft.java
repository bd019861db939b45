package io.darkroom.plan;

import io.darkroom.job.ImageRef;
import io.darkroom.job.RenderRequest.Upscale;
import io.darkroom.model.DeviceCost;
import java.util.Optional;

/** A request that is decided but for what the headers of its inputs say. */
public final class Draft {
  private final RenderPlan plan;
  private final Costs costs;

  Draft(RenderPlan plan, Costs costs) {
    this.plan = plan;
    this.costs = costs;
  }

  /** The picture whose header planning needs; empty where the request gives none. */
  public Optional<Input> input() {
    if (!(plan.effective() instanceof Upscale upscale)) {
      return Optional.empty();
    }
    return Optional.of(new Input(upscale.image(), "/image", costs.mostInputPixels(plan.stage())));
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
   * @param input facts of {@link #input}, where there is one
   * @param measured of the package when it was loaded
   * @throws InvalidPlan where the render would be more than one request may ask for
   */
  public RenderPlan complete(Optional<InputFacts> input, DeviceCost measured) throws InvalidPlan {
    if (input.isEmpty()) {
      costs.check(plan.stage(), 0, measured, "");
      return plan;
    }
    Stage stage = plan.stage().startingFrom(input.get().size());
    costs.checkResult(stage, "/image");
    costs.check(stage, input.get().readingBytes(), measured, "/image");
    return plan.withStage(stage);
  }
}
