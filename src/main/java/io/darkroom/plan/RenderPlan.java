package io.darkroom.plan;

import io.darkroom.job.RenderRequest;
import java.util.List;

/**
 * Everything about a render that can be decided before its first number is drawn: every size, every
 * part and every bound.
 *
 * @param effective the request with every default filled in
 * @param stage the pass of the network
 * @param steps of its schedule, for people
 * @param warnings of the request, for its publisher
 */
public record RenderPlan(RenderRequest effective, Stage stage, int steps, List<String> warnings) {

  public RenderPlan {
    warnings = List.copyOf(warnings);
  }

  /** The same render with the request written in another way. */
  public RenderPlan withEffective(RenderRequest other) {
    return new RenderPlan(other, stage, steps, warnings);
  }

  /** The same render with another stage. */
  RenderPlan withStage(Stage other) {
    return new RenderPlan(effective, other, steps, warnings);
  }

  /** The same render of a picture whose sides are exchanged. */
  public RenderPlan turned() {
    return new RenderPlan(effective, stage.turned(), steps, warnings);
  }
}
