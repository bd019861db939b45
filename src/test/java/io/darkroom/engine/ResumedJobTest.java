package io.darkroom.engine;

import static io.darkroom.engine.FormulaJobs.assertStopped;
import static io.darkroom.engine.FormulaJobs.cached;
import static io.darkroom.engine.FormulaJobs.job;
import static io.darkroom.engine.FormulaJobs.sized;
import static io.darkroom.engine.FormulaJobs.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.diffusion.FeatureCache;
import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.noise.BatchSlice;
import io.darkroom.diffusion.noise.Generator;
import io.darkroom.diffusion.sampler.DamagedState;
import io.darkroom.diffusion.sampler.TrajectoryState;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Size;
import io.darkroom.plan.Stage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A stage that is stopped and continues in another engine has the same bits as one that is not
 * stopped.
 */
class ResumedJobTest {
  /** Large enough that the engine draws noise ahead. */
  private static final int SIDE = 64;

  private static final ExecutorService THREAD = Executors.newSingleThreadExecutor();

  /** Threads that draw ahead: at once, some time during the call, never. */
  private static final List<Executor> OTHERS = List.of(Runnable::run, THREAD, draw -> {});

  private long now;

  @AfterAll
  static void close() {
    THREAD.shutdownNow();
  }

  private RenderEngine engine(int slots, Executor others) {
    RenderEngine engine =
        new RenderEngine(
            () -> now,
            new EngineLimits(slots, Duration.ofSeconds(30)),
            EngineObserver.NONE,
            others);
    assertThat(engine.load(() -> new FormulaNetworks("formula", 1))).isNotNull();
    engine.runIteration();
    return engine;
  }

  private static void runUntilIdle(RenderEngine engine) {
    for (int iterations = 0; engine.runIteration() > 0; iterations++) {
      assertThat(iterations).isLessThan(1000);
    }
  }

  private static StageJob large(Stage stage) {
    return job(stage, SIDE, 5, OptionalLong.empty());
  }

  private static List<float[]> pictures(Ticket ticket) {
    assertThat(ticket.outcome()).isDone();
    assertThat(ticket.outcome().join()).isInstanceOf(StageOutcome.Done.class);
    return ((StageOutcome.Done) ticket.outcome().join())
        .pictures().stream().map(picture -> picture.pixels().values()).toList();
  }

  private List<float[]> whole(StageJob job) {
    RenderEngine engine = engine(2, draw -> {});
    Ticket ticket = engine.submit(job);
    runUntilIdle(engine);
    return pictures(ticket);
  }

  /** Returns the parts as another process would read them. */
  private static List<PartState> moved(List<PartState> parts, Stage stage) {
    return parts.stream().map(part -> moved(part, stage)).toList();
  }

  private static PartState moved(PartState part, Stage stage) {
    if (!(part instanceof PartState.Sampling sampling)) {
      return part;
    }
    try {
      byte[] bytes = sampling.state().encode();
      ByteBuffer features = ByteBuffer.wrap(sampling.features().encode());
      return new PartState.Sampling(
          TrajectoryState.decode(bytes, stage.sampler(), 3 * SIDE * SIDE),
          DeepFeatures.decode(features, sized(stage, new Size(SIDE, SIDE))));
    } catch (DamagedState damaged) {
      throw new AssertionError(damaged);
    }
  }

  private void goesOn(Stage stage, int calls, Executor others) {
    StageJob job = large(stage);
    RenderEngine first = engine(2, others);
    first.submit(large(stage("euler_a", 3, 1, 2, 9)));
    Ticket stopped = first.submit(job);
    for (int i = 0; i < calls; i++) {
      first.runIteration();
    }
    CompletableFuture<Void> closed = first.close();
    first.runIteration();
    assertThat(closed).isCompleted();
    if (stopped.outcome().join() instanceof StageOutcome.Done) {
      return;
    }
    StageOutcome.Stopped state = (StageOutcome.Stopped) stopped.outcome().join();
    RenderEngine second = engine(3, others);
    Ticket rest = second.submit(job.resumed(moved(state.parts(), stage)));
    second.submit(large(stage("heun", 4, 1, 3, 8)));
    runUntilIdle(second);

    List<float[]> expected = whole(job);
    List<float[]> actual = pictures(rest);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i)).as("%d calls, image %d", calls, i).containsExactly(expected.get(i));
    }
    assertThat(state.evaluations() + rest.outcome().join().evaluations())
        .as("no evaluation is done twice")
        .isEqualTo((long) stage.parts() * stage.sampler().evaluations());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ddpm", "dpmpp_2m_sde", "unipc", "heun", "pndm", "sa_solver"})
  void aJobContinuesInAnotherEngineAfterAnyCalls(String sampler) {
    for (int calls = 0; calls <= 14; calls++) {
      goesOn(stage(sampler, 4, 1, 1, 4, 5, 6), calls, OTHERS.get(calls % 3));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ddpm", "heun"})
  void aCachedJobContinuesInAnotherEngineAfterAnyCalls(String sampler) {
    Stage stage = stage(sampler, 6, 1, 1, 4, 5);
    for (int calls = 0; calls <= 13; calls++) {
      Executor others = OTHERS.get(calls % 3);
      goesOn(cached(stage, Guidance.NONE, new FeatureCache(4, 1)), calls, others);
    }
  }

  @ParameterizedTest
  @EnumSource
  void imagesOfABatchContinueWithEachGenerator(Generator generator) {
    Stage stage = FormulaJobs.batch(stage("ddpm", 4, 1, 1, 4, 5, 6), generator);
    for (int calls = 1; calls <= 9; calls += 2) {
      goesOn(stage, calls, OTHERS.get(calls % 3));
    }
  }

  @Test
  void imagesOfAResumedBatchDoNotComputeTheDrawsBefore() {
    Stage stage = FormulaJobs.batch(stage("ddpm", 4, 1, 1, 4, 5, 6), Generator.TORCH_CPU);
    StageJob job = job(stage);
    assertThat(stage.sharedDraws()).isPositive();
    RenderEngine engine = engine(1, draw -> {});
    Ticket ticket = engine.submit(job);
    engine.runIteration();
    ticket.cancel();
    engine.runIteration();
    List<PartState> parts = assertStopped(ticket, StageOutcome.Reason.CANCELLED, 1).parts();
    Stage.NoiseKey key = stage.images().get(1).noise();
    assertThat(new JobParts(job.resumed(parts)).noise(key)).isInstanceOf(BatchSlice.class);
    assertThat(new JobParts(job).noise(key)).isNotInstanceOf(BatchSlice.class);
  }

  @Test
  void partsContainTheProgressOfEachImage() {
    RenderEngine engine = engine(1, draw -> {});
    Ticket ticket = engine.submit(job(stage("ddim", 3, 1, 1, 4, 5, 6)));
    for (int i = 0; i < 5; i++) {
      engine.runIteration();
    }
    ticket.cancel();
    engine.runIteration();

    StageOutcome.Stopped stopped = assertStopped(ticket, StageOutcome.Reason.CANCELLED, 5);
    assertThat(stopped.parts()).hasSize(3);
    assertThat(stopped.parts().get(0)).isInstanceOf(PartState.Sampled.class);
    assertThat(stopped.parts().get(1))
        .isInstanceOfSatisfying(
            PartState.Sampling.class, part -> assertThat(part.state().done()).isEqualTo(2));
    assertThat(stopped.parts().get(2)).isEqualTo(new PartState.Waiting());
  }

  @Test
  void aJobThatIsStoppedTwiceContinues() {
    Stage stage = stage("ddpm", 9, 1, 1, 4, 5);
    StageJob job = large(stage);
    StageJob rest = job;
    for (int times = 0; times < 3; times++) {
      RenderEngine engine = engine(1, draw -> {});
      Ticket ticket = engine.submit(rest);
      engine.runIteration();
      engine.runIteration();
      ticket.cancel();
      engine.runIteration();
      rest = job.resumed(assertStopped(ticket, StageOutcome.Reason.CANCELLED, 2).parts());
    }
    List<float[]> resumed = whole(rest);
    List<float[]> whole = whole(job);
    assertThat(resumed.get(0)).containsExactly(whole.get(0));
    assertThat(resumed.get(1)).containsExactly(whole.get(1));
  }

  @Test
  void everyJobEndsWhenTheEngineIsClosed() {
    RenderEngine engine = engine(1, draw -> {});
    Ticket underWay = engine.submit(job(stage("ddim", 9, 1, 1, 4)));
    Ticket waiting = engine.submit(job(stage("ddim", 9, 1, 1, 4)));
    engine.runIteration();
    Ticket posted = engine.submit(job(stage("ddim", 9, 1, 1, 4)));
    CompletableFuture<Void> closed = engine.close();
    Ticket behind = engine.submit(job(stage("ddim", 9, 1, 1, 4)));
    CompletableFuture<LoadedModel> load = engine.load(() -> new FormulaNetworks("other", 1));
    engine.runIteration();
    Ticket after = engine.submit(job(stage("ddim", 9, 1, 1, 4)));

    assertThat(closed).isCompleted();
    assertStopped(underWay, StageOutcome.Reason.CLOSED, 1);
    for (Ticket ticket : List.of(waiting, posted, behind, after)) {
      assertStopped(ticket, StageOutcome.Reason.CLOSED, 0);
    }
    assertThat(load).isCompletedExceptionally();
    assertThat(engine.load(() -> new FormulaNetworks("other", 1))).isCompletedExceptionally();
    assertThat(engine.snapshot()).isCompletedWithValue(EngineSnapshot.IDLE);
    assertThat(engine.close()).isCompleted();
  }

  @Test
  void everyJobEndsWhenAnIterationThrows() {
    FormulaNetworks networks = new FormulaNetworks("formula", 1);
    RenderEngine engine =
        new RenderEngine(
            () -> now,
            new EngineLimits(1, Duration.ofSeconds(30)),
            EngineObserver.NONE,
            draw -> {});
    assertThat(engine.load(() -> networks)).isNotNull();
    engine.runIteration();
    Ticket underWay = engine.submit(job(stage("ddim", 9, 1, 1, 4)));
    Ticket waiting = engine.submit(job(stage("ddim", 9, 1, 1, 4)));
    engine.runIteration();
    networks.lose();
    assertThatThrownBy(engine::runIteration).isInstanceOf(DeviceFailure.class);
    CompletableFuture<Void> closed = engine.close();

    engine.stop();

    assertStopped(underWay, StageOutcome.Reason.CLOSED, 1);
    assertStopped(waiting, StageOutcome.Reason.CLOSED, 0);
    assertStopped(engine.submit(job(stage("ddim", 9, 1, 1, 4))), StageOutcome.Reason.CLOSED, 0);
    assertThat(closed).isCompleted();
    assertThat(networks.closed()).as("the device is not touched").isFalse();
  }

  @Test
  void aStateOfAnotherStageFailsOnlyItsJob() {
    RenderEngine engine = engine(2, draw -> {});
    Ticket small = engine.submit(job(stage("ddim", 9, 1, 1, 4)));
    engine.runIteration();
    small.cancel();
    engine.runIteration();
    List<PartState> parts = assertStopped(small, StageOutcome.Reason.CANCELLED, 1).parts();

    Ticket damaged = engine.submit(large(stage("ddim", 9, 1, 1, 4)).resumed(parts));
    Ticket sound = engine.submit(job(stage("ddim", 9, 1, 1, 4)));
    runUntilIdle(engine);

    assertThat(damaged.outcome().join())
        .isEqualTo(
            new StageOutcome.Broken(
                ErrorClass.INTERNAL,
                "trajectory state: elements of the sample must be 12288, is 192",
                0));
    assertThat(pictures(sound)).hasSize(1);
  }

  @Test
  void aJobNeedsAStateForEachOfItsImages() {
    StageJob job = job(stage(Map.of("_class_name", "ddim"), 9, 1, 4, 5));
    List<PartState> one = new ArrayList<>(List.of(new PartState.Waiting()));
    assertThatThrownBy(() -> job.resumed(one))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("resume: must be a state for each of 2 parts, has 1");
  }
}
