package io.darkroom.engine;

import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.noise.Generator;
import io.darkroom.diffusion.sampler.Samplers;
import io.darkroom.job.JobId;
import io.darkroom.job.Size;
import io.darkroom.plan.Condition;
import io.darkroom.plan.ModelCard;
import io.darkroom.plan.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Jobs for {@link FormulaNetworks}. */
final class FormulaJobs {

  private FormulaJobs() {}

  static Stage stage(String sampler, int steps, double guidance, int label, int... seeds) {
    return stage(FormulaNetworks.card("formula"), sampler, steps, guidance, label(label), seeds);
  }

  /** A stage of a sampler with options. */
  static Stage stage(Map<String, Object> scheduler, int steps, int label, int... seeds) {
    ModelCard card = FormulaNetworks.card("formula");
    return stage(card, scheduler, new Guidance(1, 0), steps, label(label), seeds);
  }

  /** A stage under any condition, those that do not fit the model too. */
  static Stage stage(
      ModelCard card,
      String sampler,
      int steps,
      double guidance,
      Condition condition,
      int... seeds) {
    Map<String, Object> scheduler = Map.of("_class_name", sampler);
    return stage(card, scheduler, new Guidance(guidance, 0), steps, condition, seeds);
  }

  private static Stage stage(
      ModelCard card,
      Map<String, Object> scheduler,
      Guidance guidance,
      int steps,
      Condition condition,
      int... seeds) {
    List<Stage.Image> images = new ArrayList<>();
    for (int i = 0; i < seeds.length; i++) {
      images.add(
          new Stage.Image(i, seeds[i], new Stage.NoiseKey(Generator.TORCH_CPU, seeds[i], 0, 1)));
    }
    SchedulerConfig config = new SchedulerConfig(card.scheduler(), scheduler);
    try {
      return new Stage(
          card,
          String.valueOf(scheduler.get("_class_name")),
          Samplers.bind(new SamplingSpec(config, new Steps.Count(steps), Map.of(), 1)),
          guidance,
          condition,
          images);
    } catch (InvalidSampling invalid) {
      throw new AssertionError(invalid);
    }
  }

  static StageJob job(Stage stage, int priority, OptionalLong deadline) {
    return job(stage, 8, priority, deadline);
  }

  /** An image of some sides by one of several models. */
  static StageJob job(String model, int steps, int side) {
    Stage stage = stage(FormulaNetworks.card(model), "ddim", steps, 1, label(1), 4);
    return job(stage, side, 5, OptionalLong.empty());
  }

  static StageJob job(Stage stage, int side, int priority, OptionalLong deadline) {
    return new StageJob(
        new JobId("job"),
        stage,
        new Size(side, side),
        Optional.empty(),
        Optional.empty(),
        priority,
        deadline,
        (done, wanted, remaining) -> {});
  }

  static StageJob job(Stage stage, StageJob.ProgressListener listener) {
    StageJob job = job(stage);
    return new StageJob(
        job.id(),
        job.stage(),
        job.base(),
        job.texts(),
        job.source(),
        job.priority(),
        job.deadlineNanos(),
        listener);
  }

  static StageJob job(Stage stage) {
    return job(stage, 5, OptionalLong.empty());
  }

  private static Condition label(int label) {
    return new Condition.Label(label, OptionalInt.of(FormulaNetworks.NULL_LABEL));
  }
}
