package io.darkroom.engine;

import static io.darkroom.engine.FormulaJobs.assertStopped;
import static io.darkroom.engine.FormulaJobs.job;
import static io.darkroom.engine.FormulaJobs.stage;
import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.job.ErrorClass;
import io.darkroom.plan.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Tests that cancelled images leave at once and do not affect the others. */
class CancelledImagesTest {
  private final List<Integer> calls = new ArrayList<>();
  private long now;

  private RenderEngine engine(int slots) {
    RenderEngine engine =
        new RenderEngine(
            () -> now,
            new EngineLimits(slots, Duration.ofSeconds(30)),
            (model, call) -> calls.add(call.rows()),
            Runnable::run);
    assertThat(engine.load(() -> new FormulaNetworks("formula", 1))).isNotNull();
    engine.runIteration();
    return engine;
  }

  private static void runUntilIdle(RenderEngine engine) {
    for (int iterations = 0; engine.runIteration() > 0; iterations++) {
      assertThat(iterations).isLessThan(1000);
    }
  }

  private static float[] picture(Ticket ticket) {
    assertThat(ticket.outcome()).isDone();
    return ((StageOutcome.Done) ticket.outcome().join()).pictures().get(0).pixels().values();
  }

  private float[] alone(Stage stage) {
    RenderEngine engine = engine(1);
    Ticket ticket = engine.submit(job(stage));
    runUntilIdle(engine);
    return picture(ticket);
  }

  @Test
  void theNextImageGetsTheCallAfterACancellation() {
    RenderEngine engine = engine(1);
    Ticket cancelled = engine.submit(job(stage("ddim", 9, 2.5, 1, 4)));
    Ticket next = engine.submit(job(stage("ddim", 3, 1, 1, 4)));
    engine.runIteration();
    engine.runIteration();

    cancelled.cancel();
    engine.runIteration();

    assertStopped(cancelled, StageOutcome.Reason.CANCELLED, 4);
    assertThat(calls).containsExactly(2, 2, 1);
    runUntilIdle(engine);
    assertThat(picture(next)).isEqualTo(alone(stage("ddim", 3, 1, 1, 4)));
  }

  @Test
  void theNextImageGetsTheCallAfterADeadline() {
    RenderEngine engine = engine(1);
    Ticket late = engine.submit(job(stage("heun", 9, 2.5, 1, 4), 5, OptionalLong.of(100)));
    Ticket next = engine.submit(job(stage("ddim", 3, 1, 1, 4)));
    engine.runIteration();

    now = 101;
    engine.runIteration();

    assertThat(late.outcome().join())
        .isEqualTo(
            new StageOutcome.Broken(
                ErrorClass.DEADLINE, "the deadline passed between two evaluations", 2));
    assertThat(calls).containsExactly(2, 1);
    runUntilIdle(engine);
    assertThat(next.outcome()).isDone();
  }

  @Test
  void cancelsDeadlinesAndBrokenImagesDoNotAffectOtherImagesOfTheCall() {
    RenderEngine engine = engine(16);
    Stage first = stage("euler_a", 9, 1, 1, 1);
    Stage second = stage("dpmpp_2m", 8, 1, 3, 3);
    Stage third = stage("ddpm", 7, 1, 5, 5);
    Ticket kept = engine.submit(job(first));
    Ticket cancelled = engine.submit(job(stage("ddim", 9, 1, 2, 2)));
    Ticket alsoKept = engine.submit(job(second));
    Ticket late = engine.submit(job(stage("heun", 9, 1, 4, 4), 5, OptionalLong.of(100)));
    Ticket broken = engine.submit(job(stage("ddpm", 9, 1, FormulaNetworks.BROKEN, 6)));
    Ticket keptToo = engine.submit(job(third));
    engine.runIteration();
    engine.runIteration();
    cancelled.cancel();
    engine.runIteration();
    now = 101;
    runUntilIdle(engine);

    assertThat(calls).startsWith(6, 5, 4, 3).hasSize(9);
    assertStopped(cancelled, StageOutcome.Reason.CANCELLED, 2);
    assertThat(late.outcome().join().evaluations()).isEqualTo(3);
    assertThat(broken.outcome().join())
        .isEqualTo(
            new StageOutcome.Broken(
                ErrorClass.NUMERIC, "the sample of image 0 contains NaN or infinity", 1));
    assertThat(picture(kept)).isEqualTo(alone(first));
    assertThat(picture(alsoKept)).isEqualTo(alone(second));
    assertThat(picture(keptToo)).isEqualTo(alone(third));
  }
}
