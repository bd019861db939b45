package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import io.darkroom.job.Size;
import io.darkroom.plan.RenderPlan;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A job ready for the engine.
 *
 * @param plan what is decided
 * @param model that does it
 * @param base size of the picture that it starts from, or of the result
 * @param input the picture that it starts from, where there is one, as far as its header tells
 * @param prompting what the model is told in words
 */
record Prepared(
    RenderPlan plan,
    LoadedModel model,
    Size base,
    Optional<InputReader.Announced> input,
    Prompting prompting) {

  /** A job that starts from a picture. */
  static Prepared of(RenderPlan plan, LoadedModel model, InputReader.Announced input) {
    return new Prepared(plan, model, input.size(), Optional.of(input), Prompting.NONE);
  }

  /** The same where the picture that it starts from has its sides exchanged. */
  Prepared turned() {
    return of(plan, model, input.orElseThrow().turned());
  }

  /** What a reader of the result should know. */
  List<String> warnings() {
    return Stream.concat(plan.warnings().stream(), prompting.warnings().stream()).toList();
  }
}
