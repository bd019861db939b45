package io.darkroom.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Finished pictures also count on the heap until they are released. */
class HeapShareTest {
  private static final int SIDE = 8;

  /** A sample of a small image, which is also its picture. */
  private static final long ARRAY = 3L * SIDE * SIDE * Float.BYTES;

  /**
   * A running image of a sampler without memory: sample, scratch, next noise, the call's two
   * outputs, decoded.
   */
  private static final long IMAGE = 6 * ARRAY;

  private long now;

  private RenderEngine engine(long bytes) {
    RenderEngine engine =
        new RenderEngine(
            () -> now,
            new EngineLimits(6, Duration.ofSeconds(30), ModelMemory.UNLIMITED, bytes),
            EngineObserver.NONE,
            Runnable::run);
    CompletableFuture<LoadedModel> loaded = engine.load(() -> new FormulaNetworks("formula", 1));
    engine.runIteration();
    assertThat(loaded).isCompleted();
    return engine;
  }

  private static StageJob job(int images, int side) {
    return FormulaJobs.job(
        FormulaJobs.stage("ddim", 3, 1, 1, new int[images]), side, 5, OptionalLong.empty());
  }

  private void runUntilIdle(RenderEngine engine) {
    for (int i = 0; i < 10_000 && engine.runIteration() > 0; i++) {
      now += 1_000_000;
    }
  }

  @Test
  void unreleasedPicturesKeepOtherJobsFromBeginning() {
    RenderEngine engine = engine(8 * ARRAY + IMAGE);
    Ticket first = engine.submit(job(5, SIDE));
    runUntilIdle(engine);
    assertThat(first.outcome().join()).isInstanceOf(StageOutcome.Done.class);

    Ticket second = engine.submit(job(5, SIDE));
    runUntilIdle(engine);
    assertThat(second.outcome()).isNotDone();

    first.hold().close();
    runUntilIdle(engine);
    assertThat(second.outcome().join()).isInstanceOf(StageOutcome.Done.class);
  }

  @Test
  void aSmallerJobDoesNotOvertakeOneThatDoesNotFit() {
    RenderEngine engine = engine(8 * ARRAY + IMAGE);
    Ticket first = engine.submit(job(5, SIDE));
    runUntilIdle(engine);
    Ticket second = engine.submit(job(5, SIDE));
    Ticket small = engine.submit(job(1, SIDE));
    runUntilIdle(engine);
    assertThat(small.outcome()).isNotDone();

    first.hold().close();
    runUntilIdle(engine);
    assertThat(second.outcome()).isDone();
  }

  @Test
  void twoJobsThatBothBeganNeverWaitForEachOther() {
    RenderEngine engine = engine(16 * ARRAY + IMAGE);
    List<Ticket> both = List.of(engine.submit(job(8, SIDE)), engine.submit(job(8, SIDE)));
    runUntilIdle(engine);
    assertThat(both)
        .allSatisfy(
            ticket -> assertThat(ticket.outcome().join()).isInstanceOf(StageOutcome.Done.class));
  }

  @Test
  void aJobThatEndsWithoutPicturesHoldsNothing() {
    RenderEngine engine = engine(8 * ARRAY + IMAGE);
    Ticket broken =
        engine.submit(
            FormulaJobs.job(FormulaJobs.stage("ddim", 3, 1, FormulaNetworks.BROKEN, new int[8])));
    Ticket cancelled = engine.submit(job(8, SIDE));
    Ticket last = engine.submit(job(8, SIDE));
    cancelled.cancel();
    runUntilIdle(engine);
    assertThat(broken.outcome().join()).isInstanceOf(StageOutcome.Broken.class);
    assertThat(cancelled.outcome().join()).isInstanceOf(StageOutcome.Stopped.class);
    assertThat(last.outcome().join()).isInstanceOf(StageOutcome.Done.class);
  }

  @Test
  void anyJobsObeyTheHeapLimitAndAllAreServed() {
    SplittableRandom random = new SplittableRandom(7);
    long most = 40 * ARRAY;
    RenderEngine engine = engine(most);
    List<Submitted> submitted = new ArrayList<>();
    int served = 0;
    for (int i = 0; i < 60_000 && served < 300; i++) {
      if (submitted.size() < 300 && random.nextInt(4) == 0) {
        // Some jobs exceed the whole share, some only by their images.
        int side = random.nextInt(20) == 0 ? 4 * SIDE : random.nextInt(3) == 0 ? 2 * SIDE : SIDE;
        int images = 1 + random.nextInt(random.nextInt(10) == 0 ? 60 : 9);
        submitted.add(new Submitted(engine.submit(job(images, side)), images, side));
      }
      CompletableFuture<EngineSnapshot> snapshot = engine.snapshot();
      engine.runIteration();
      now += Duration.ofMillis(random.nextInt(200)).toNanos();
      List<Submitted> held = submitted.stream().filter(Submitted::held).toList();
      long taken = held.stream().mapToLong(Submitted::bytes).sum() + underWay(snapshot.join());
      if (held.size() > 1) {
        assertThat(taken).as("turn %d", i).isLessThanOrEqualTo(most);
      }
      for (Submitted each : held) {
        if (random.nextInt(10) == 0) {
          each.ticket().hold().close();
          served++;
        }
      }
    }
    assertThat(served).isEqualTo(300);
  }

  private static long underWay(EngineSnapshot snapshot) {
    return snapshot.buckets().stream()
        .mapToLong(bucket -> 3L * bucket.rows() * bucket.sample().size() * Float.BYTES)
        .sum();
  }

  private record Submitted(Ticket ticket, int images, int side) {
    /** Returns whether its pictures exist and are not released. */
    boolean held() {
      return ticket.outcome().isDone() && !ticket.hold().over();
    }

    long bytes() {
      return 3L * images * side * side * Float.BYTES;
    }
  }
}
