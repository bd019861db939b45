package io.darkroom.plan;

import io.darkroom.job.RenderRequest;
import java.util.List;

/**
 * Everything about a render that can be decided before its first number is drawn.
 *
 * @param effective the request with every default filled in
 * @param stages one after the other; the result of one is the input of the next
 * @param steps of the first stage's schedule, for people
 * @param warnings what the publisher should know of the request
 */
public record RenderPlan(
    RenderRequest effective, List<Stage> stages, int steps, List<String> warnings) {

  public RenderPlan {
    stages = List.copyOf(stages);
    warnings = List.copyOf(warnings);
  }
}
