package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import io.darkroom.plan.RenderPlan;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A job ready for the engine.
 *
 * @param plan what is decided
 * @param model that does it
 * @param input the picture that it starts from, where there is one, as far as its header tells
 * @param prompting the texts of the request, as token ids
 */
record Prepared(
    RenderPlan plan,
    LoadedModel model,
    Optional<InputReader.Announced> input,
    Prompting prompting) {

  /** The same where the picture that it starts from has its sides exchanged. */
  Prepared turned() {
    return new Prepared(plan.turned(), model, input.map(InputReader.Announced::turned), prompting);
  }

  /** What a reader of the result should know. */
  List<String> warnings() {
    return Stream.concat(plan.warnings().stream(), prompting.warnings().stream()).toList();
  }
}
