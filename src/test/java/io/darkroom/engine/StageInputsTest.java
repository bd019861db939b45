package io.darkroom.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.job.JobId;
import io.darkroom.job.Size;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests that the start picture of a job is read when there is memory for it, and not earlier. */
class StageInputsTest {
  private static final int SIDE = 8;
  private static final Size BASE = new Size(SIDE, SIDE);
  private static final long ARRAY = 3L * SIDE * SIDE * Float.BYTES;

  /** One running image: sample, scratch, next noise, two outputs, decoded. */
  private static final long IMAGE = 6 * ARRAY;

  private static final String POINTER = "/image";

  private long now;

  private RenderEngine engine(int slots, long bytes) {
    RenderEngine engine =
        new RenderEngine(
            () -> now,
            new EngineLimits(slots, Duration.ofSeconds(30), ModelMemory.UNLIMITED, bytes),
            EngineObserver.NONE,
            Runnable::run);
    CompletableFuture<LoadedModel> loaded = engine.load(() -> new FormulaNetworks("formula", 1));
    engine.runIteration();
    assertThat(loaded).isCompleted();
    return engine;
  }

  private static StageInputs unread(long bytes) {
    return StageInputs.unread(Map.of(POINTER, new Shape(3, BASE.height(), BASE.width())), bytes);
  }

  /** The formula reads no picture; the test checks when it is requested. */
  private static StageJob job(int images, StageInputs inputs) {
    return new StageJob(
        new JobId("job"),
        FormulaJobs.sized(FormulaJobs.stage("ddim", 2, 1, 1, new int[images]), BASE),
        Map.of(),
        Optional.of(inputs),
        5,
        OptionalLong.empty(),
        (done, wanted, remaining) -> {});
  }

  private static Map<String, Tensor> pictures(int side) {
    return Map.of(POINTER, picture(side));
  }

  private static Tensor picture(int side) {
    return new Tensor(new float[3 * side * side], new Shape(3, side, side));
  }

  private void runUntilIdle(RenderEngine engine) {
    for (int i = 0; i < 10_000 && engine.runIteration() > 0; i++) {
      now += 1_000_000;
    }
  }

  @Test
  void aJobWaitsForItsPictureAndContinuesWhenItIsGiven() {
    RenderEngine engine = engine(4, Long.MAX_VALUE);
    StageInputs inputs = unread(1000);
    Ticket ticket = engine.submit(job(2, inputs));
    assertThat(inputs.room()).isNotDone();
    runUntilIdle(engine);
    assertThat(inputs.room()).isDone();
    assertThat(ticket.outcome()).isNotDone();
    inputs.give(pictures(SIDE));
    runUntilIdle(engine);
    assertThat(ticket.outcome().join()).isInstanceOf(StageOutcome.Done.class);
  }

  @Test
  void aPictureIsReadWhenItFitsIntoMemory() {
    RenderEngine engine = engine(4, 100 * ARRAY);
    StageInputs first = unread(60 * ARRAY);
    StageInputs second = unread(60 * ARRAY);
    Ticket ticket = engine.submit(job(1, first));
    engine.submit(job(1, second));
    runUntilIdle(engine);
    assertThat(first.room()).isDone();
    assertThat(second.room()).as("there is no memory for the second one").isNotDone();
    first.give(pictures(SIDE));
    runUntilIdle(engine);
    assertThat(second.room()).as("a picture that is read takes less").isDone();
    assertThat(ticket.outcome()).isDone();
  }

  @Test
  void readingKeepsOthersFromBeginning() {
    RenderEngine engine = engine(4, 100 * ARRAY);
    StageInputs inputs = unread(90 * ARRAY);
    engine.submit(job(1, inputs));
    runUntilIdle(engine);
    Ticket other = engine.submit(FormulaJobs.job(FormulaJobs.stage("ddim", 2, 1, 1, 1)));
    runUntilIdle(engine);
    assertThat(other.outcome()).as("96 of 100 arrays are taken, 7 are needed").isNotDone();
    inputs.give(pictures(SIDE));
    runUntilIdle(engine);
    assertThat(other.outcome()).isDone();
  }

  @Test
  void theRoomOfAnImageIsKeptWhileItsPictureIsRead() {
    RenderEngine engine = engine(4, 2 * (IMAGE + ARRAY) - 1);
    StageInputs inputs = unread(0);
    engine.submit(job(1, inputs));
    runUntilIdle(engine);
    Ticket other = engine.submit(FormulaJobs.job(FormulaJobs.stage("ddim", 2, 1, 1, 1)));
    runUntilIdle(engine);
    assertThat(other.outcome()).isNotDone();
  }

  @Test
  void picturesAreReadWhileAllSlotsAreTaken() {
    RenderEngine engine = engine(1, Long.MAX_VALUE);
    engine.submit(FormulaJobs.job(FormulaJobs.stage("ddim", 900, 1, 1, 1)));
    engine.runIteration();
    StageInputs inputs = unread(1000);
    engine.submit(job(1, inputs));
    engine.runIteration();
    assertThat(inputs.room()).isDone();
  }

  @Test
  void aWaitingJobIsNotifiedWhenItEnds() {
    RenderEngine engine = engine(4, 100 * ARRAY);
    StageInputs taken = unread(90 * ARRAY);
    StageInputs waiting = unread(90 * ARRAY);
    Ticket first = engine.submit(job(1, taken));
    Ticket second = engine.submit(job(1, waiting));
    runUntilIdle(engine);
    second.cancel();
    runUntilIdle(engine);
    assertThat(waiting.room()).isDone();
    assertThat(second.outcome().join()).isInstanceOf(StageOutcome.Stopped.class);

    StageInputs third = unread(90 * ARRAY);
    engine.submit(job(1, third));
    first.cancel();
    runUntilIdle(engine);
    assertThat(third.room()).as("a job that ends while its picture is read leaves room").isDone();
  }

  @Test
  void aPictureOfAnotherSizeIsRejected() {
    assertThatThrownBy(() -> unread(1).give(pictures(9)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("images: must be {/image=3x8x8}, are {/image=3x9x9}");
  }

  @Test
  void anyReadsObeyTheHeapLimitAndAllJobsAreServed() {
    SplittableRandom random = new SplittableRandom(11);
    long most = 60 * ARRAY;
    RenderEngine engine = engine(3, most);
    List<Reading> all = new ArrayList<>();
    int let = 0;
    for (int i = 0; i < 40_000 && let < 200; i++) {
      if (all.size() < 200 && random.nextInt(4) == 0) {
        all.add(new Reading(random, engine));
      }
      engine.runIteration();
      now += Duration.ofMillis(random.nextInt(200)).toNanos();
      long reading = all.stream().filter(Reading::reads).mapToLong(each -> each.bytes).sum();
      long held = all.stream().filter(Reading::holds).mapToLong(each -> each.images * ARRAY).sum();
      assertThat(reading + held).as("turn %d", i).isLessThanOrEqualTo(most);
      for (Reading each : all) {
        if (each.reads() && random.nextInt(5) == 0) {
          each.inputs.give(pictures(SIDE));
        } else if (each.holds() && random.nextInt(8) == 0) {
          each.ticket.hold().close();
          let++;
        }
      }
    }
    assertThat(let).isEqualTo(200);
  }

  private static final class Reading {
    final long bytes;
    final int images;
    final StageInputs inputs;
    final Ticket ticket;

    Reading(SplittableRandom random, RenderEngine engine) {
      bytes = random.nextInt(50) * ARRAY;
      images = 1 + random.nextInt(4);
      inputs = unread(bytes);
      ticket = engine.submit(job(images, inputs));
    }

    boolean reads() {
      return inputs.room().isDone() && !inputs.isRead();
    }

    boolean holds() {
      return ticket.outcome().isDone() && !ticket.hold().over();
    }
  }
}
