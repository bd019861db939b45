package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import io.darkroom.job.Size;
import io.darkroom.plan.RenderPlan;
import java.util.Optional;

/**
 * A job ready for the engine.
 *
 * @param plan what is decided
 * @param model that does it
 * @param base size of the picture that it starts from, or of the result
 * @param input the picture that it starts from, where there is one
 * @param prompting what the model is told in words
 */
record Prepared(
    RenderPlan plan,
    LoadedModel model,
    Size base,
    Optional<InputReader.Input> input,
    Prompting prompting) {}
