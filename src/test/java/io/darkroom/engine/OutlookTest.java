package io.darkroom.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.model.Shape;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Estimates for running requests. */
class OutlookTest {
  private static final Shape SAMPLE = new Shape(3, 8, 8);
  private static final Shape LARGER = new Shape(3, 16, 16);

  @Test
  void measuredCostsReplaceProportionalOnes() {
    RowCosts costs = new RowCosts();
    assertThat(costs.of("m", SAMPLE).nanosPerRow()).isZero();
    costs.of("m", SAMPLE).update(4, 400);
    assertThat(costs.of("m", SAMPLE).nanosPerRow()).isEqualTo(100);
    assertThat(costs.of("m", LARGER).nanosPerRow()).isEqualTo(400);
    costs.of("m", LARGER).update(1, 900);
    assertThat(costs.of("m", LARGER).nanosPerRow()).isEqualTo(900);
    assertThat(costs.of("m", SAMPLE).nanosPerRow()).isEqualTo(100);
    assertThat(costs.of("other", SAMPLE).nanosPerRow()).isZero();
  }

  @Test
  void aWaitingRequestHasAnEstimateOfItsWork() {
    RowCosts costs = new RowCosts();
    StageJob request = FormulaJobs.job(FormulaJobs.stage("heun", 5, 2, 1, 4, 5));
    ActiveJob job =
        new ActiveJob(
            request,
            new Ticket(new PictureHold(0, Optional.empty(), () -> {})),
            0,
            costs,
            each -> 0);
    assertThat(job.workNanos()).isZero();
    costs.of("formula", SAMPLE).update(4, 400);
    // Heun has two evaluations in each step except the last, with two rows for each of two images.
    assertThat(job.workNanos()).isEqualTo(9 * 2 * 2 * 100);
  }

  @Test
  void theEstimateFallsAndOtherRequestsRaiseIt() {
    RenderEngine engine =
        new RenderEngine(
            System::nanoTime,
            new EngineLimits(8, Duration.ofSeconds(30)),
            EngineObserver.NONE,
            Runnable::run);
    CompletableFuture<LoadedModel> loaded = engine.load(() -> new FormulaNetworks("formula", 1));
    engine.runIteration();
    assertThat(loaded).isCompleted();
    Map<Integer, Long> remaining = new HashMap<>();
    Ticket ticket = engine.submit(job(4, remaining));
    Ticket other = engine.submit(job(8, new HashMap<>()));
    while (engine.runIteration() > 0) {
      assertThat(remaining.size()).isLessThanOrEqualTo(5);
    }
    assertThat(ticket.outcome()).isCompleted();
    assertThat(other.outcome()).isCompleted();
    assertThat(remaining.get(0)).as("before anything was measured").isZero();
    assertThat(remaining.get(1)).isPositive();
    assertThat(remaining.get(4)).isZero();
    CompletableFuture<EngineSnapshot> idle = engine.snapshot();
    engine.runIteration();
    assertThat(idle.join().backlogSeconds()).isEmpty();
  }

  private static StageJob job(int steps, Map<Integer, Long> remaining) {
    return FormulaJobs.job(
        FormulaJobs.stage("ddim", steps, 1, 1, 4),
        (done, wanted, rest) -> remaining.put(done, rest.getAsLong()));
  }

  @Test
  void theBacklogIsTheRowsLeftTimesWhatTheyCost() {
    RenderEngine engine =
        new RenderEngine(
            System::nanoTime,
            new EngineLimits(1, Duration.ofSeconds(30)),
            EngineObserver.NONE,
            Runnable::run);
    CompletableFuture<LoadedModel> loaded = engine.load(() -> new FormulaNetworks("formula", 1));
    engine.runIteration();
    assertThat(loaded).isCompleted();
    Ticket first = engine.submit(job(50, new HashMap<>()));
    Ticket second = engine.submit(job(50, new HashMap<>()));
    engine.runIteration();
    CompletableFuture<EngineSnapshot> busy = engine.snapshot();
    engine.runIteration();
    assertThat(busy.join().backlogSeconds().get("formula")).isPositive();
    first.cancel();
    second.cancel();
    engine.runIteration();
    CompletableFuture<EngineSnapshot> idle = engine.snapshot();
    engine.runIteration();
    assertThat(idle.join().backlogSeconds()).isEmpty();
  }
}
