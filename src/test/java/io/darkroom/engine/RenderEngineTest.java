package io.darkroom.engine;

import static io.darkroom.engine.FormulaJobs.assertStopped;
import static io.darkroom.engine.FormulaJobs.job;
import static io.darkroom.engine.FormulaJobs.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.diffusion.Guidance;
import io.darkroom.diffusion.noise.TorchCpuNoise;
import io.darkroom.diffusion.sampler.Trajectory;
import io.darkroom.job.ErrorClass;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditioning;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import io.darkroom.plan.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class RenderEngineTest {
  private static final String[] SAMPLERS = {"ddim", "ddpm", "euler", "euler_a", "heun", "dpmpp_2m"};

  private final List<String> calls = new ArrayList<>();
  private final Set<Integer> mostRows = new HashSet<>();
  private long now;

  private RenderEngine engine(int slots, FormulaNetworks networks) {
    return engine(
        new EngineLimits(slots, Duration.ofSeconds(30)),
        networks,
        (model, call) -> {
          calls.add(call.rows() + "+" + call.padding() + "/" + call.jobs() + "/" + call.samplers());
          mostRows.add(call.mostRows());
        });
  }

  private RenderEngine engine(
      EngineLimits limits, FormulaNetworks networks, EngineObserver observer) {
    RenderEngine engine = new RenderEngine(() -> now, limits, observer, Runnable::run);
    CompletableFuture<LoadedModel> loaded = engine.load(() -> networks);
    engine.runIteration();
    assertThat(loaded).isCompleted();
    return engine;
  }

  private static void runUntilIdle(RenderEngine engine) {
    int iterations = 0;
    while (engine.runIteration() > 0) {
      assertThat(iterations++).as("iterations").isLessThan(10_000);
    }
  }

  private static List<float[]> pictures(Ticket ticket) {
    StageOutcome outcome =
        ticket.outcome().getNow(new StageOutcome.Broken(ErrorClass.INTERNAL, "not done", -1));
    assertThat(outcome).isInstanceOf(StageOutcome.Done.class);
    return ((StageOutcome.Done) outcome)
        .pictures().stream().map(picture -> picture.pixels().values()).toList();
  }

  private List<float[]> alone(Stage stage) {
    RenderEngine engine = engine(8, new FormulaNetworks("formula", 1));
    Ticket ticket = engine.submit(job(stage));
    runUntilIdle(engine);
    return pictures(ticket);
  }

  @Test
  void otherImagesDoNotChangeAnImage() {
    List<Stage> stages = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      int[] seeds = i % 5 == 0 ? new int[] {i, 100 + i} : new int[] {i};
      stages.add(stage(SAMPLERS[i % 6], 3 + i % 7, i % 3 == 0 ? 1 : 2.5, i % 7, seeds));
    }
    RenderEngine engine = engine(16, new FormulaNetworks("formula", 1));
    List<Ticket> tickets = stages.stream().map(stage -> engine.submit(job(stage))).toList();
    runUntilIdle(engine);
    List<String> joint = List.copyOf(calls);
    for (int i = 0; i < stages.size(); i++) {
      List<float[]> alone = alone(stages.get(i));
      List<float[]> together = pictures(tickets.get(i));
      assertThat(together).hasSameSizeAs(alone);
      for (int k = 0; k < alone.size(); k++) {
        assertThat(together.get(k)).as("request %s, image %s", i, k).isEqualTo(alone.get(k));
      }
    }
    assertThat(joint).anyMatch(call -> call.matches("8\\+0/[4-8]/[3-6]"));
  }

  @Test
  void evaluationsOutsideTheIntervalOfGuidanceTakeOneRow() {
    Guidance inTheMiddle = new Guidance(2.5, 0.3, new Guidance.Interval(0.3, 0.7));
    Ticket ticket = submitted(stage("ddim", 10, inTheMiddle, 3, 4));
    assertThat(calls)
        .extracting(call -> call.substring(0, 1))
        .containsExactly("1", "1", "1", "2", "2", "2", "2", "1", "1", "1");
    assertThat(ticket.outcome().join().evaluations()).isEqualTo(14);
    assertThat(pictures(ticket).get(0))
        .isNotEqualTo(alone(stage("ddim", 10, new Guidance(2.5, 0.3), 3, 4)).get(0));
  }

  private Ticket submitted(Stage stage) {
    RenderEngine engine = engine(8, new FormulaNetworks("formula", 1));
    Ticket ticket = engine.submit(job(stage));
    runUntilIdle(engine);
    return ticket;
  }

  /** Slots whose number of rows changes between calls, in full calls. */
  @Test
  void intervalsOfGuidanceDoNotChangeOtherImages() {
    List<Stage> stages = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      Guidance.Interval interval = new Guidance.Interval(i % 4 / 10.0, 0.5 + i % 3 / 4.0);
      Guidance guidance = new Guidance(i % 5 == 0 ? 1 : 2.5, i % 2 / 2.0, interval);
      stages.add(stage(SAMPLERS[i % 6], 3 + i % 7, guidance, i % 7, i));
    }
    RenderEngine engine = engine(16, new FormulaNetworks("formula", 1));
    List<Ticket> tickets = stages.stream().map(stage -> engine.submit(job(stage))).toList();
    runUntilIdle(engine);
    assertThat(calls).anyMatch(call -> call.startsWith("8+0/"));
    for (int i = 0; i < stages.size(); i++) {
      assertThat(pictures(tickets.get(i)).get(0)).isEqualTo(alone(stages.get(i)).get(0));
      assertThat(tickets.get(i).outcome().join().evaluations()).isEqualTo(stages.get(i).rows());
    }
  }

  @Test
  void oneRowIsPaddedToTwoWhereOneRowIsNotExact() {
    FormulaNetworks networks = new FormulaNetworks("formula", 2);
    RenderEngine engine = engine(8, networks);
    Ticket ticket = engine.submit(job(stage("ddim", 3, 1, 1, 4)));
    runUntilIdle(engine);
    assertThat(calls).containsOnly("1+1/1/1").hasSize(3);
    assertThat(pictures(ticket).get(0)).isEqualTo(alone(stage("ddim", 3, 1, 1, 4)).get(0));
  }

  @Test
  void listenersThatThrowDoNotAffectImages() {
    Stage stage = stage("ddim", 4, 1, 1, 4);
    List<float[]> quiet = alone(stage);
    RenderEngine engine =
        engine(
            new EngineLimits(8, Duration.ofSeconds(30)),
            new FormulaNetworks("formula", 1),
            (model, call) -> {
              throw new IllegalStateException("of the observer");
            });
    Ticket first = engine.submit(FormulaJobs.job(stage, new Throwing()));
    Ticket second = engine.submit(job(stage("euler", 6, 1, 1, 5)));
    for (int iterations = 0; iterations < 3; iterations++) {
      now += Duration.ofSeconds(1).toNanos();
      engine.runIteration();
    }
    runUntilIdle(engine);
    assertThat(pictures(first).get(0)).isEqualTo(quiet.get(0));
    assertThat(pictures(second)).hasSize(1);
  }

  /** A listener that throws on every call. */
  private static final class Throwing implements StageJob.ProgressListener {
    @Override
    public void progressed(int done, int wanted, LongSupplier remainingNanos) {
      throw new IllegalStateException("of the listener");
    }

    @Override
    public void denoised(int image, int done, float[] estimate) {
      throw new IllegalStateException("of the listener");
    }
  }

  @Test
  void guidedImagesTakeTwoRows() {
    RenderEngine engine = engine(8, new FormulaNetworks("formula", 1));
    Ticket ticket = engine.submit(job(stage("ddim", 4, 3, 1, 4)));
    runUntilIdle(engine);
    assertThat(calls).containsOnly("2+0/1/1");
    assertThat(ticket.outcome().join().evaluations()).isEqualTo(8);
  }

  @Test
  void nanFailsOnlyItsImage() {
    RenderEngine engine = engine(8, new FormulaNetworks("formula", 1));
    Ticket broken = engine.submit(job(stage("euler", 5, 1, FormulaNetworks.BROKEN, 1)));
    Ticket sound = engine.submit(job(stage("ddim", 5, 1, 2, 2)));
    runUntilIdle(engine);
    assertThat(broken.outcome().join())
        .isInstanceOfSatisfying(
            StageOutcome.Broken.class,
            outcome -> assertThat(outcome.kind()).isEqualTo(ErrorClass.NUMERIC));
    assertThat(pictures(sound).get(0)).isEqualTo(alone(stage("ddim", 5, 1, 2, 2)).get(0));
  }

  @Test
  void runningOutOfMemoryForOneImageEndsOnlyItsJob() {
    RenderEngine engine = engine(8, new FormulaNetworks("formula", 1));
    Ticket large = engine.submit(job(stage("euler", 5, 1, FormulaNetworks.TOO_LARGE, 1)));
    Ticket sound = engine.submit(job(stage("ddim", 5, 1, 2, 2)));
    runUntilIdle(engine);
    assertThat(large.outcome().join())
        .isInstanceOfSatisfying(
            StageOutcome.Broken.class,
            outcome -> assertThat(outcome.kind()).isEqualTo(ErrorClass.CAPACITY));
    assertThat(pictures(sound)).hasSize(1);
  }

  @Test
  void aLostDeviceEndsTheIterationAndNoRequest() {
    FormulaNetworks networks = new FormulaNetworks("formula", 1);
    RenderEngine engine = engine(8, networks);
    Ticket first = engine.submit(job(stage("euler", 5, 1, 1, 1)));
    engine.runIteration();
    Ticket second = engine.submit(job(stage("ddim", 1, 2, 2, 2)));
    networks.lose();
    assertThatThrownBy(engine::runIteration)
        .isInstanceOfSatisfying(
            DeviceFailure.class,
            failure -> assertThat(failure.kind()).isEqualTo(DeviceFailure.Kind.LOST));
    assertThat(first.outcome()).isNotDone();
    assertThat(second.outcome()).isNotDone();
  }

  @Test
  void withLittleMemoryCallsHaveFewerRowsAndPicturesAreTheSame() {
    FormulaNetworks networks = new FormulaNetworks("formula", 1);
    RenderEngine engine = engine(8, networks);
    networks.roomForRows(3);
    List<Stage> stages =
        List.of(
            stage("euler_a", 5, 2, 1, 1),
            stage("ddim", 9, 1, 1, 2),
            stage("ddim", 9, 1, 1, 3),
            stage("heun", 4, 2, 2, 4));
    List<Ticket> tickets = stages.stream().map(stage -> engine.submit(job(stage))).toList();
    runUntilIdle(engine);
    for (int i = 0; i < stages.size(); i++) {
      assertThat(pictures(tickets.get(i)).toArray(float[][]::new))
          .isDeepEqualTo(alone(stages.get(i)).toArray(float[][]::new));
    }
    assertThat(networks.mostRowsRun()).isEqualTo(3);
    assertThat(mostRows).as("what a call would have, were there memory").containsExactly(8);

    networks.roomForRows(8);
    Ticket later = engine.submit(job(stage("ddim", 5, 2, 1, 1, 2, 3, 4)));
    runUntilIdle(engine);
    assertThat(pictures(later)).hasSize(4);
    assertThat(networks.mostRowsRun()).isEqualTo(8);
  }

  @Test
  void ifOneRowFitsLargerCallsAreNotTriedAgain() {
    FormulaNetworks networks = new FormulaNetworks("formula", 1);
    RenderEngine engine = engine(8, networks);
    networks.roomForRows(1);
    Ticket ticket = engine.submit(job(stage("ddim", 9, 1, 1, 2, 3)));
    runUntilIdle(engine);
    assertThat(pictures(ticket)).hasSize(2);
    assertThat(networks.calls()).as("calls that failed, and two images' calls").isEqualTo(1 + 18);
  }

  @Test
  void runningOutOfMemoryEndsTheJobsOfACallThatIsPaddedToItsSize() {
    FormulaNetworks networks = new FormulaNetworks("formula", 8);
    RenderEngine engine = engine(8, networks);
    networks.roomForRows(7);
    Ticket first = engine.submit(job(stage("euler", 5, 1, 1, 1)));
    Ticket second = engine.submit(job(stage("ddim", 5, 1, 2, 2)));
    runUntilIdle(engine);
    for (Ticket ticket : List.of(first, second)) {
      assertThat(ticket.outcome().join())
          .isEqualTo(
              new StageOutcome.Broken(
                  ErrorClass.CAPACITY, "out of device memory: room for 7 rows", 0));
    }
    assertThat(networks.calls()).isEqualTo(1);
  }

  @Test
  void inputsThatTheNetworkRefusesFailOnlyTheirRequest() {
    RenderEngine engine = engine(8, new FormulaNetworks("formula", 1));
    Ticket first = engine.submit(job(stage("euler_a", 5, 2, 1, 1)));
    Ticket refused = engine.submit(job(stage("ddim", 5, 1, FormulaNetworks.REFUSED, 2, 3)));
    Ticket last = engine.submit(job(stage("heun", 5, 1, 2, 4)));
    runUntilIdle(engine);
    assertThat(refused.outcome().join())
        .isEqualTo(
            new StageOutcome.Broken(
                ErrorClass.MODEL, "the network refuses its inputs: label 10", 0));
    assertThat(pictures(first).get(0)).isEqualTo(alone(stage("euler_a", 5, 2, 1, 1)).get(0));
    assertThat(pictures(last).get(0)).isEqualTo(alone(stage("heun", 5, 1, 2, 4)).get(0));
  }

  @Test
  void aFaultOfTheWorkerEndsOnlyItsJob() {
    RenderEngine engine = engine(8, new FormulaNetworks("formula", 1));
    ConditionPlan failing =
        inputs -> {
          throw new IllegalStateException("no texts");
        };
    Ticket faulty =
        engine.submit(job(stage(FormulaNetworks.card("formula"), "ddim", 5, 1, failing, 1)));
    Ticket sound = engine.submit(job(stage("ddim", 5, 1, 2, 2)));
    runUntilIdle(engine);
    assertThat(faulty.outcome().join())
        .isEqualTo(
            new StageOutcome.Broken(
                ErrorClass.INTERNAL, "internal error, see the log of the worker", 0));
    assertThat(pictures(sound)).hasSize(1);
  }

  @Test
  void aFaultInTheArithmeticOfAnImageEndsOnlyItsJob() {
    for (FaultySampler.Place place : FaultySampler.Place.values()) {
      RenderEngine engine = engine(8, new FormulaNetworks("formula", 8));
      Stage plain = stage("euler", 5, 2, 1, 6, 7);
      Stage wrong =
          new Stage(
              plain.model(),
              plain.scheduler(),
              plain.steps(),
              new FaultySampler(plain.sampler(), place, 2),
              plain.guidance(),
              plain.conditions(),
              plain.start(),
              plain.base(),
              plain.tile(),
              0,
              plain.images());
      Ticket faulty = engine.submit(job(wrong));
      Ticket first = engine.submit(job(stage("euler_a", 5, 2, 1, 1)));
      Ticket last = engine.submit(job(stage("ddim", 7, 1, 2, 2)));
      runUntilIdle(engine);
      assertThat(faulty.outcome().join())
          .isInstanceOfSatisfying(
              StageOutcome.Broken.class,
              outcome -> {
                assertThat(outcome.kind()).isEqualTo(ErrorClass.INTERNAL);
                assertThat(outcome.message())
                    .isEqualTo("internal error, see the log of the worker");
              });
      assertThat(pictures(first).get(0)).isEqualTo(alone(stage("euler_a", 5, 2, 1, 1)).get(0));
      assertThat(pictures(last).get(0)).isEqualTo(alone(stage("ddim", 7, 1, 2, 2)).get(0));
    }
  }

  /** Decodes every sample to infinity, as a float16 decoder that overflows does. */
  private static class OverflowingCodec implements LatentCodec {
    @Override
    public Tensor decode(Tensor latents) {
      float[] overflow = new float[latents.values().length];
      Arrays.fill(overflow, Float.POSITIVE_INFINITY);
      return new Tensor(overflow, latents.shape());
    }

    @Override
    public Tensor encode(Tensor picture) {
      throw new AssertionError("no picture is encoded in this test");
    }
  }

  /** A decoder of tiles; the job ends while the first one is decoded. */
  private static final class SlowCodec extends OverflowingCodec {
    private Runnable during = () -> {};

    @Override
    public Optional<Tensor> decode(Tensor latents, BooleanSupplier unwanted) {
      assertThat(unwanted.getAsBoolean()).isFalse();
      during.run();
      return unwanted.getAsBoolean() ? Optional.empty() : Optional.of(latents);
    }
  }

  @Test
  void aJobIsCancelledBetweenTwoTilesOfItsPicture() {
    FormulaNetworks networks = new FormulaNetworks("formula", 8);
    SlowCodec codec = new SlowCodec();
    networks.decodeWith(codec);
    RenderEngine engine = engine(8, networks);
    Ticket cancelled = engine.submit(job(stage("ddim", 5, 1, 2, 1)));
    codec.during = cancelled::cancel;
    runUntilIdle(engine);
    StageOutcome.Stopped stopped = (StageOutcome.Stopped) cancelled.outcome().join();
    assertThat(stopped.reason()).isEqualTo(StageOutcome.Reason.CANCELLED);
    codec.during = () -> {};
    Ticket next = engine.submit(job(stage("ddim", 5, 1, 2, 1)));
    runUntilIdle(engine);
    assertThat(pictures(next)).hasSize(1);
  }

  /** A decoder that overflows does not fail a stage whose samples go to the next stage. */
  @Test
  void samplesForTheNextStageAreNotDecoded() {
    FormulaNetworks networks = new FormulaNetworks("formula", 8);
    networks.decodeWith(new OverflowingCodec());
    RenderEngine engine = engine(8, networks);
    Stage stage = stage("ddim", 5, 1, 2, 1);
    Ticket handedOver = engine.submit(job(stage).decoded(false));
    Ticket decoded = engine.submit(job(stage));
    runUntilIdle(engine);
    assertThat(decoded.outcome().join())
        .isEqualTo(
            new StageOutcome.Broken(
                ErrorClass.NUMERIC, "the decoded image of image 0 contains NaN or infinity", 5));
    assertThat(pictures(handedOver).get(0)).isEqualTo(alone(stage).get(0));
  }

  @Test
  void thePictureIsTheResultThatTheSamplerReturns() {
    Map<String, Object> scheduler = Map.of("_class_name", "sde_ve", "sigma_max", 1.0);
    Stage stage = stage(scheduler, 4, 1, 7);
    FormulaNetworks networks = new FormulaNetworks("formula", 1);
    Denoiser.Call call = networks.denoiser().call(new Shape(3, 8, 8));
    float[] output = new float[call.outputSize()];
    Trajectory trajectory =
        new Trajectory(stage.sampler(), new TorchCpuNoise(7), call.outputSize());
    while (!trajectory.finished()) {
      trajectory.writeInput(call.sample(0));
      call.timestep(0, trajectory.timestep());
      call.condition(0, new Conditioning(Map.of("class_labels", 1L), Map.of(), new float[0]));
      call.run(1);
      call.output(0, output);
      trajectory.advance(output);
    }
    assertThat(trajectory.result()).isNotEqualTo(trajectory.sample());
    assertThat(alone(stage).get(0)).isEqualTo(trajectory.result());
  }

  @Test
  void aDeadlineActsBetweenTwoEvaluations() {
    RenderEngine engine = engine(8, new FormulaNetworks("formula", 1));
    Ticket ticket = engine.submit(job(stage("ddim", 9, 1, 1, 4), 5, OptionalLong.of(100)));
    engine.runIteration();
    engine.runIteration();
    now = 101;
    runUntilIdle(engine);
    assertThat(ticket.outcome().join())
        .isEqualTo(
            new StageOutcome.Broken(
                ErrorClass.DEADLINE, "the deadline passed between two evaluations", 2));
  }

  @Test
  void aCancelledJobFreesItsSlot() {
    RenderEngine engine = engine(1, new FormulaNetworks("formula", 1));
    Ticket first = engine.submit(job(stage("ddim", 9, 1, 1, 4)));
    Ticket second = engine.submit(job(stage("ddim", 2, 1, 1, 4)));
    engine.runIteration();
    first.cancel();
    runUntilIdle(engine);
    assertStopped(first, StageOutcome.Reason.CANCELLED, 1);
    assertThat(pictures(second)).hasSize(1);
  }

  @Test
  void higherPriorityGetsTheFreeSlot() {
    RenderEngine engine = engine(1, new FormulaNetworks("formula", 1));
    Ticket low = engine.submit(job(stage("ddim", 3, 1, 1, 4), 1, OptionalLong.empty()));
    Ticket high = engine.submit(job(stage("ddim", 3, 1, 1, 4), 9, OptionalLong.empty()));
    for (int i = 0; i < 4 && !high.outcome().isDone(); i++) {
      engine.runIteration();
    }
    assertThat(high.outcome()).isDone();
    assertThat(low.outcome()).isNotDone();
    runUntilIdle(engine);
    assertThat(low.outcome()).isDone();
  }

  @Test
  void waitingRaisesALowPriority() {
    RenderEngine engine = engine(9, new FormulaNetworks("formula", 1));
    Ticket low = engine.submit(job(stage("ddim", 3, 1, 1, 4), 0, OptionalLong.empty()));
    int[] seeds = {1, 2, 3, 4, 5, 6, 7, 8};
    engine.submit(job(stage("ddim", 999, 1, 1, seeds), 5, OptionalLong.empty()));
    for (int second = 0; second < 600 && !low.outcome().isDone(); second++) {
      now += Duration.ofSeconds(1).toNanos();
      engine.runIteration();
    }
    assertThat(low.outcome()).isDone();
    assertThat(now).isBetween(Duration.ofSeconds(150).toNanos(), Duration.ofSeconds(190).toNanos());
  }

  @Test
  void allImagesAreServedWithFewerSlotsThanImages() {
    RenderEngine engine = engine(3, new FormulaNetworks("formula", 1));
    Ticket ticket = engine.submit(job(stage("euler_a", 3, 2, 1, 1, 2, 3, 4, 5, 6, 7)));
    runUntilIdle(engine);
    assertThat(pictures(ticket)).hasSize(7);
  }

  @Test
  void aModelThatIsNotLoadedIsNamed() {
    RenderEngine engine = engine(3, new FormulaNetworks("other", 1));
    Ticket ticket = engine.submit(job(stage("ddim", 3, 1, 1, 1)));
    runUntilIdle(engine);
    assertThat(ticket.outcome().join())
        .isEqualTo(new StageOutcome.Broken(ErrorClass.MODEL, "model: formula is not loaded", 0));
  }

  @Test
  void anEngineHasNoWorkAfterClose() {
    RenderEngine engine = engine(2, new FormulaNetworks("formula", 1));
    Ticket underWay = engine.submit(job(stage("ddim", 50, 3, 1, 1, 2, 3)));
    engine.runIteration();

    CompletableFuture<Void> closed = engine.close();

    assertThat(engine.runIteration()).isZero();
    assertThat(closed).isCompleted();
    assertStopped(underWay, StageOutcome.Reason.CLOSED, 4);
  }
}
