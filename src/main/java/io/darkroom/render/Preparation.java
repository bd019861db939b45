package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Size;
import io.darkroom.plan.InvalidPlan;
import io.darkroom.plan.Planner;
import io.darkroom.plan.RenderPlan;
import io.darkroom.plan.Start;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** From a valid request to a job for the engine: deadline, model, plan, header of the input. */
final class Preparation {
  private final Planner planner;
  private final ServedModels models;
  private final InputReader inputs;
  private final Clock clock;

  Preparation(Planner planner, ServedModels models, InputReader inputs, Clock clock) {
    this.planner = planner;
    this.models = models;
    this.inputs = inputs;
    this.clock = clock;
  }

  /**
   * Decides a request.
   *
   * @throws RenderFailure where its deadline has passed, its model is not served, it cannot be
   *     planned or its input does not fit
   */
  Prepared prepare(RenderRequest request) throws RenderFailure {
    if (passed(request)) {
      throw RenderFailure.failed(
          ErrorClass.DEADLINE, "the deadline passed before the render started");
    }
    LoadedModel model = Serving.model(models, request.model());
    RenderPlan plan = plan(request, model);
    if (request instanceof RenderRequest.Upscale upscale) {
      InputReader.Announced input =
          inputs.announced(upscale.image(), "/image", planner.mostBasePixels(plan));
      checkSize(plan, input.start(), model);
      return Prepared.of(plan, model, input);
    }
    Size base = ((RenderRequest.Generate) plan.effective()).size().orElseThrow();
    Prompting prompting = Prompting.of(plan.stages().get(0).condition(), model.tokenizer());
    return new Prepared(plan, model, base, Optional.empty(), prompting);
  }

  private boolean passed(RenderRequest request) {
    Optional<Instant> deadline = request.options().deadline();
    return deadline.isPresent() && clock.instant().isAfter(deadline.get());
  }

  private RenderPlan plan(RenderRequest request, LoadedModel model) throws RenderFailure {
    try {
      return planner.plan(request, model.card(), model.findings().facts());
    } catch (InvalidPlan invalid) {
      throw RenderFailure.unplannable(invalid);
    }
  }

  private void checkSize(RenderPlan plan, Start start, LoadedModel model) throws RenderFailure {
    try {
      planner.check(plan, start, model.findings().facts());
    } catch (InvalidPlan tooLarge) {
      throw RenderFailure.tooLargeInput(tooLarge);
    }
  }
}
