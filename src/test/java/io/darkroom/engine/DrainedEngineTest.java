package io.darkroom.engine;

import static io.darkroom.engine.FormulaJobs.assertStopped;
import static io.darkroom.engine.FormulaJobs.job;
import static io.darkroom.engine.FormulaJobs.stage;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Tests that a draining engine finishes the requests that end in time and stops the others at once.
 */
class DrainedEngineTest {
  /** Time between two readings of the clock. */
  private static final long LOOK_NANOS = 100;

  private long now;

  private RenderEngine engine(int slots) {
    RenderEngine engine =
        new RenderEngine(
            () -> now += LOOK_NANOS,
            new EngineLimits(slots, Duration.ofSeconds(30)),
            EngineObserver.NONE,
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

  @Test
  void longRequestsEndAtOnceAndTheOthersAreFinished() {
    RenderEngine engine = engine(2);
    Ticket brief = engine.submit(job(stage("ddim", 6, 1, 1, 4)));
    Ticket lengthy = engine.submit(job(stage("ddim", 100, 1, 1, 4)));
    engine.runIteration();
    engine.runIteration();

    engine.drain(30 * LOOK_NANOS);
    engine.runIteration();

    assertStopped(lengthy, StageOutcome.Reason.DRAINED, 2);
    assertThat(brief.outcome()).isNotDone();
    runUntilIdle(engine);
    assertThat(brief.outcome().join()).isInstanceOf(StageOutcome.Done.class);
  }

  @Test
  void requestsThatHaveNotBegunEndAtOnce() {
    RenderEngine engine = engine(1);
    Ticket begun = engine.submit(job(stage("ddim", 3, 1, 1, 4)));
    Ticket waiting = engine.submit(job(stage("ddim", 3, 1, 1, 5)));
    engine.runIteration();

    engine.drain(Long.MAX_VALUE);
    engine.runIteration();
    Ticket late = engine.submit(job(stage("ddim", 3, 1, 1, 6)));
    runUntilIdle(engine);

    assertStopped(waiting, StageOutcome.Reason.DRAINED, 0);
    assertStopped(late, StageOutcome.Reason.DRAINED, 0);
    assertThat(begun.outcome().join()).isInstanceOf(StageOutcome.Done.class);
  }

  @Test
  void withoutTimeAllUnfinishedRequestsEnd() {
    RenderEngine engine = engine(2);
    Ticket finished = engine.submit(job(stage("ddim", 1, 1, 1, 4)));
    runUntilIdle(engine);
    Ticket decoding = engine.submit(job(stage("ddim", 1, 1, 1, 4, 5, 6, 7)));
    Ticket underWay = engine.submit(job(stage("ddim", 9, 1, 1, 4)));
    engine.runIteration();
    engine.runIteration();

    engine.drain(0);
    engine.runIteration();

    assertThat(finished.outcome().join()).isInstanceOf(StageOutcome.Done.class);
    assertThat(decoding.outcome().join()).isInstanceOf(StageOutcome.Stopped.class);
    assertThat(underWay.outcome().join()).isInstanceOf(StageOutcome.Stopped.class);
    assertThat(engine.runIteration()).isZero();
  }
}
