package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import io.darkroom.plan.RenderPlan;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A job ready for the engine.
 *
 * @param plan of the request
 * @param model that renders it
 * @param input the header of the input image, where there is one
 * @param prompting the texts of the request, as token ids
 */
record Prepared(
    RenderPlan plan,
    LoadedModel model,
    Optional<InputReader.Announced> input,
    Prompting prompting) {

  /** The job with width and height of the input image exchanged. */
  Prepared turned() {
    return new Prepared(plan.turned(), model, input.map(InputReader.Announced::turned), prompting);
  }

  /** Warnings for the manifest. */
  List<String> warnings() {
    return Stream.concat(plan.warnings().stream(), prompting.warnings().stream()).toList();
  }
}
