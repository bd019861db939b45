package io.darkroom.engine;

import static io.darkroom.engine.FormulaJobs.job;
import static io.darkroom.engine.FormulaJobs.stage;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Slots are shared between requests, not between images. */
class SharedSlotsTest {
  private static final int SLOTS = 4;

  private static RenderEngine engine() {
    return engine(SLOTS);
  }

  private static RenderEngine engine(int slots) {
    RenderEngine engine =
        new RenderEngine(
            () -> 0L,
            new EngineLimits(slots, Duration.ofSeconds(30), ModelMemory.UNLIMITED, Long.MAX_VALUE),
            EngineObserver.NONE,
            Runnable::run);
    CompletableFuture<LoadedModel> loaded = engine.load(() -> new FormulaNetworks("formula", 1));
    engine.runIteration();
    assertThat(loaded).isCompleted();
    return engine;
  }

  private static int[] seeds(int images) {
    int[] seeds = new int[images];
    for (int i = 0; i < images; i++) {
      seeds[i] = 100 + i;
    }
    return seeds;
  }

  private static List<float[]> samples(Ticket ticket) {
    StageOutcome.Done done = (StageOutcome.Done) ticket.outcome().join();
    return done.pictures().stream().map(picture -> picture.sample().values()).toList();
  }

  private static void finish(RenderEngine engine, Ticket ticket) {
    while (!ticket.outcome().isDone()) {
      assertThat(engine.runIteration()).isPositive();
    }
  }

  @Test
  void smallRequestsDoNotWaitForALargeOne() {
    RenderEngine engine = engine();
    Ticket large = engine.submit(job(stage("euler_a", 200, 1, 1, seeds(8))));
    engine.runIteration();
    List<Ticket> small = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      small.add(engine.submit(job(stage("ddim", 3, 1, 2, i))));
    }
    small.forEach(each -> finish(engine, each));
    assertThat(large.outcome()).isNotDone();
    finish(engine, large);
  }

  @Test
  void smallRequestsShareEachCallWithALargeOne() {
    RenderEngine engine = engine(24);
    Ticket large = engine.submit(job(stage("euler_a", 200, 1, 1, seeds(22))));
    engine.runIteration();
    List<Ticket> small = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      small.add(engine.submit(job(stage("ddim", 3, 1, 2, i))));
    }
    for (int tick = 0; tick < 6; tick++) {
      engine.runIteration();
    }
    assertThat(small).allSatisfy(each -> assertThat(each.outcome()).isDone());
    assertThat(large.outcome()).isNotDone();
    finish(engine, large);
  }

  @Test
  void aRequestOfHigherPriorityKeepsItsSlots() {
    RenderEngine engine = engine();
    Ticket large =
        engine.submit(job(stage("euler_a", 20, 1, 1, seeds(4)), 9, OptionalLong.empty()));
    engine.runIteration();
    Ticket small = engine.submit(job(stage("ddim", 3, 1, 2, 1), 1, OptionalLong.empty()));
    finish(engine, large);
    assertThat(small.outcome()).isNotDone();
    finish(engine, small);
  }

  @Property(tries = 60)
  void pausesDoNotChangeBits(
      @ForAll @IntRange(min = 1, max = 9) int images,
      @ForAll @IntRange(min = 0, max = 30) int ticks,
      @ForAll @IntRange(min = 1, max = 9) int others) {
    RenderEngine alone = engine();
    Ticket expected = alone.submit(job(stage("euler_a", 12, 2, 1, seeds(images))));
    finish(alone, expected);

    RenderEngine engine = engine();
    Ticket large = engine.submit(job(stage("euler_a", 12, 2, 1, seeds(images))));
    for (int i = 0; i < ticks; i++) {
      engine.runIteration();
    }
    List<Ticket> small = new ArrayList<>();
    for (int i = 0; i < others; i++) {
      small.add(engine.submit(job(stage("heun", 4, 1, 2, i, i + 1))));
      engine.runIteration();
    }
    small.forEach(each -> finish(engine, each));
    finish(engine, large);
    List<float[]> wanted = samples(expected);
    List<float[]> given = samples(large);
    for (int i = 0; i < images; i++) {
      assertThat(given.get(i)).isEqualTo(wanted.get(i));
    }
  }
}
