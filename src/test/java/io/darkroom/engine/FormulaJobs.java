package io.darkroom.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.diffusion.FeatureCache;
import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.noise.Generator;
import io.darkroom.diffusion.sampler.Samplers;
import io.darkroom.job.JobId;
import io.darkroom.job.Size;
import io.darkroom.job.Tile;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditioning;
import io.darkroom.model.ModelCard;
import io.darkroom.model.condition.LowResolution;
import io.darkroom.plan.Stage;
import io.darkroom.plan.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Jobs for {@link FormulaNetworks}. */
final class FormulaJobs {
  private static final int SIDE = 8;

  private FormulaJobs() {}

  static Stage stage(String sampler, int steps, double guidance, int label, int... seeds) {
    return stage(FormulaNetworks.card("formula"), sampler, steps, guidance, label(label), seeds);
  }

  /** Returns a stage with some kind of guidance. */
  static Stage stage(String sampler, int steps, Guidance guidance, int label, int... seeds) {
    ModelCard card = FormulaNetworks.card("formula");
    return stage(card, Map.of("_class_name", sampler), guidance, steps, label(label), seeds);
  }

  /** Returns a stage of a sampler with options. */
  static Stage stage(Map<String, Object> scheduler, int steps, int label, int... seeds) {
    ModelCard card = FormulaNetworks.card("formula");
    return stage(card, scheduler, new Guidance(1, 0), steps, label(label), seeds);
  }

  /** Returns a stage under any condition, even if it does not fit the model. */
  static Stage stage(
      ModelCard card,
      String sampler,
      int steps,
      double guidance,
      ConditionPlan condition,
      int... seeds) {
    Map<String, Object> scheduler = Map.of("_class_name", sampler);
    return stage(card, scheduler, new Guidance(guidance, 0), steps, condition, seeds);
  }

  private static Stage stage(
      ModelCard card,
      Map<String, Object> scheduler,
      Guidance guidance,
      int steps,
      ConditionPlan condition,
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
          steps,
          Samplers.bind(new SamplingSpec(config, new Steps.Count(steps), Map.of(), 1)),
          guidance,
          List.of(condition),
          Start.NOISE,
          new Size(SIDE, SIDE),
          Optional.empty(),
          0,
          images);
    } catch (InvalidSampling invalid) {
      throw new AssertionError(invalid);
    }
  }

  /** Returns the same stage with the noise of a batch, from one generator. */
  static Stage batch(Stage stage, Generator generator) {
    List<Stage.Image> images = new ArrayList<>();
    int slices = stage.images().size();
    for (int i = 0; i < slices; i++) {
      images.add(new Stage.Image(i, 7, new Stage.NoiseKey(generator, 7, i, slices)));
    }
    return new Stage(
        stage.model(),
        stage.scheduler(),
        stage.steps(),
        stage.sampler(),
        stage.guidance(),
        stage.conditions(),
        stage.start(),
        stage.base(),
        Optional.empty(),
        0,
        images);
  }

  /** Returns the same stage with another guidance and a cache. */
  static Stage cached(Stage stage, Guidance guidance, FeatureCache cache) {
    return new Stage(
        stage.model(),
        stage.scheduler(),
        stage.steps(),
        stage.sampler(),
        guidance,
        Optional.of(cache),
        stage.conditions(),
        stage.start(),
        stage.base(),
        Optional.empty(),
        0,
        stage.images());
  }

  static StageJob job(Stage stage, int priority, OptionalLong deadline) {
    return new StageJob(
        new JobId("job"),
        stage,
        Map.of(),
        Optional.empty(),
        priority,
        deadline,
        (done, wanted, remaining) -> {});
  }

  /** Returns an image of some sides by one of several models. */
  static StageJob job(String model, int steps, int side) {
    Stage stage = stage(FormulaNetworks.card(model), "ddim", steps, 1, label(1), 4);
    return job(sized(stage, new Size(side, side)), 5, OptionalLong.empty());
  }

  static StageJob job(Stage stage, int side, int priority, OptionalLong deadline) {
    return job(sized(stage, new Size(side, side)), priority, deadline);
  }

  /** Returns the same stage with results of another size. */
  static Stage sized(Stage stage, Size size) {
    return new Stage(
        stage.model(),
        stage.scheduler(),
        stage.steps(),
        stage.sampler(),
        stage.guidance(),
        stage.cache(),
        stage.conditions(),
        stage.start(),
        size,
        Optional.empty(),
        0,
        stage.images());
  }

  /** Returns a similar stage that enlarges a picture by four, by tiles. */
  static Stage enlarging(Stage stage, Size small, Tile tile) {
    ModelCard card = stage.model();
    ModelCard larger =
        new ModelCard(
            card.name(),
            card.sha256(),
            card.components(),
            card.network(),
            List.of(new LowResolution(4, 0, 0, 3, Optional.empty())),
            card.space(),
            card.scheduler(),
            card.schedulerSha256(),
            card.defaults());
    return new Stage(
        larger,
        stage.scheduler(),
        stage.steps(),
        stage.sampler(),
        stage.guidance(),
        stage.conditions(),
        stage.start(),
        small,
        Optional.of(tile),
        0,
        stage.images());
  }

  static StageJob job(Stage stage, StageJob.ProgressListener listener) {
    StageJob job = job(stage);
    return new StageJob(
        job.id(),
        job.stage(),
        job.texts(),
        job.inputs(),
        job.priority(),
        job.deadlineNanos(),
        listener);
  }

  static StageJob job(Stage stage) {
    return job(stage, 5, OptionalLong.empty());
  }

  /** Asserts that a job was stopped for this reason after this number of evaluations. */
  static StageOutcome.Stopped assertStopped(
      Ticket ticket, StageOutcome.Reason reason, long evaluations) {
    assertThat(ticket.outcome()).isDone();
    assertThat(ticket.outcome().join()).isInstanceOf(StageOutcome.Stopped.class);
    StageOutcome.Stopped stopped = (StageOutcome.Stopped) ticket.outcome().join();
    assertThat(stopped.reason()).isEqualTo(reason);
    assertThat(stopped.evaluations()).isEqualTo(evaluations);
    return stopped;
  }

  private static ConditionPlan label(int label) {
    return inputs ->
        new ConditionPlan.Rows(
            Conditioning.number("class_labels", label),
            Conditioning.number("class_labels", FormulaNetworks.NULL_LABEL));
  }
}
