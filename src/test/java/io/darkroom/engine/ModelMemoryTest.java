package io.darkroom.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.job.ErrorClass;
import io.darkroom.model.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests packages that do not all fit into memory at the same time. */
class ModelMemoryTest {
  private static final long BYTES = 100;
  private static final Duration OVERTAKE_LIMIT = Duration.ofSeconds(2);

  private final Map<String, List<FormulaNetworks>> opened = new HashMap<>();
  private long now;

  private RenderEngine engine(long budget, Set<String> pinned, String... names) {
    RenderEngine engine =
        new RenderEngine(
            () -> now,
            new EngineLimits(
                4,
                Duration.ofSeconds(30),
                new ModelMemory(OptionalLong.of(budget), pinned, OVERTAKE_LIMIT)),
            EngineObserver.NONE,
            Runnable::run);
    for (String name : names) {
      load(engine, () -> open(name));
    }
    return engine;
  }

  private static void load(RenderEngine engine, Callable<Networks> opener) {
    CompletableFuture<LoadedModel> loaded = engine.load(opener);
    engine.runIteration();
    assertThat(loaded).isCompleted();
  }

  private FormulaNetworks open(String name) {
    FormulaNetworks networks = new FormulaNetworks(name, 1, BYTES);
    opened.computeIfAbsent(name, key -> new ArrayList<>()).add(networks);
    return networks;
  }

  private Set<String> open() {
    return new TreeSet<>(
        opened.entrySet().stream()
            .filter(each -> each.getValue().stream().anyMatch(networks -> !networks.closed()))
            .map(Map.Entry::getKey)
            .toList());
  }

  private Ticket submit(RenderEngine engine, String model, int steps) {
    return engine.submit(FormulaJobs.job(model, steps, 8));
  }

  private void runUntilIdle(RenderEngine engine, int most) {
    for (int i = 0; i < most && engine.runIteration() > 0; i++) {
      now += Duration.ofMillis(100).toNanos();
    }
  }

  @Test
  void theLeastRecentlyUsedPackageIsClosed() {
    RenderEngine engine = engine(2 * BYTES, Set.of(), "a", "b");
    assertThat(open()).containsExactly("a", "b");
    submit(engine, "a", 2);
    runUntilIdle(engine, 100);
    load(engine, () -> open("c"));
    assertThat(open()).containsExactly("a", "c");
  }

  @Test
  void aClosedPackageIsOpenedForItsRequest() {
    RenderEngine engine = engine(BYTES, Set.of(), "a", "b");
    assertThat(open()).containsExactly("b");
    for (String name : new String[] {"a", "b", "a"}) {
      Ticket ticket = submit(engine, name, 3);
      runUntilIdle(engine, 100);
      assertThat(ticket.outcome().join()).isInstanceOf(StageOutcome.Done.class);
      assertThat(open()).containsExactly(name);
    }
    assertThat(opened.get("a")).hasSize(3);
  }

  @Test
  void anUnloadedPackageIsClosedWhenNoImageRunsOnIt() {
    RenderEngine engine = engine(3 * BYTES, Set.of(), "a", "b");
    Ticket ticket = submit(engine, "a", 3);
    runUntilIdle(engine, 1);
    engine.unload("a");
    engine.unload("b");
    runUntilIdle(engine, 1);
    assertThat(open()).containsExactly("a");
    runUntilIdle(engine, 100);
    assertThat(ticket.outcome().join()).isInstanceOf(StageOutcome.Done.class);
    engine.runIteration();
    assertThat(open()).isEmpty();
    load(engine, () -> open("a"));
    assertThat(open()).containsExactly("a");
  }

  @Test
  void aPinnedPackageStays() {
    RenderEngine engine = engine(2 * BYTES, Set.of("a"), "a", "b", "c");
    for (int i = 0; i < 6; i++) {
      submit(engine, i % 2 == 0 ? "b" : "c", 2);
      runUntilIdle(engine, 100);
      assertThat(open()).contains("a").hasSize(2);
    }
    assertThat(opened.get("a")).hasSize(1);
  }

  @Test
  void aPackageInUseIsNotClosedAndWaitingForItsRoomIsBounded() {
    RenderEngine engine = engine(BYTES, Set.of(), "b", "a");
    List<Ticket> stream = new ArrayList<>(List.of(submit(engine, "a", 5)));
    engine.runIteration();
    Ticket waiting = submit(engine, "b", 3);
    long begin = now;
    while (!waiting.outcome().isDone()) {
      stream.add(submit(engine, "a", 5));
      engine.runIteration();
      now += Duration.ofMillis(100).toNanos();
      assertThat(open()).hasSize(1);
      assertThat(now - begin).isLessThan(OVERTAKE_LIMIT.multipliedBy(3).toNanos());
    }
    assertThat(now - begin).as("others passed for so long").isGreaterThan(OVERTAKE_LIMIT.toNanos());
    runUntilIdle(engine, 10_000);
    assertThat(stream)
        .allSatisfy(
            ticket -> assertThat(ticket.outcome().join()).isInstanceOf(StageOutcome.Done.class));
  }

  @Test
  void aPackageThatCannotBeReopenedFailsOnlyItsRequest() {
    RenderEngine engine = engine(BYTES, Set.of());
    List<String> times = new ArrayList<>();
    load(
        engine,
        () -> {
          times.add("opened");
          if (times.size() > 1) {
            throw new IllegalStateException("the disk is gone");
          }
          return open("a");
        });
    load(engine, () -> open("b"));
    Ticket lost = submit(engine, "a", 2);
    Ticket sound = submit(engine, "b", 2);
    runUntilIdle(engine, 100);
    assertThat(lost.outcome().join())
        .isEqualTo(
            new StageOutcome.Broken(
                ErrorClass.MODEL,
                "model: cannot be loaded again; the worker's log has the details",
                0));
    assertThat(sound.outcome().join()).isInstanceOf(StageOutcome.Done.class);
  }

  /** Networks that can be opened once; they are closed again for those of {@code b}. */
  private Callable<Networks> onlyOnce(DeviceFailure.Kind kind) {
    return () -> {
      if (opened.containsKey("a")) {
        throw new DeviceFailure(kind, "at the second opening", null);
      }
      return open("a");
    };
  }

  @Test
  void aDeviceLostWhileReopeningAPackageEndsTheIterationAndNoRequest() {
    RenderEngine engine = engine(BYTES, Set.of());
    load(engine, onlyOnce(DeviceFailure.Kind.LOST));
    load(engine, () -> open("b"));
    Ticket waiting = submit(engine, "a", 2);
    assertThatThrownBy(() -> runUntilIdle(engine, 100))
        .isInstanceOfSatisfying(
            DeviceFailure.class,
            failure -> assertThat(failure.kind()).isEqualTo(DeviceFailure.Kind.LOST));
    assertThat(waiting.outcome()).isNotDone();
  }

  @Test
  void runningOutOfMemoryWhileReopeningAPackageIsACapacityFailure() {
    RenderEngine engine = engine(BYTES, Set.of());
    load(engine, onlyOnce(DeviceFailure.Kind.OUT_OF_MEMORY));
    load(engine, () -> open("b"));
    Ticket large = submit(engine, "a", 2);
    Ticket sound = submit(engine, "b", 2);
    runUntilIdle(engine, 100);
    assertThat(large.outcome().join())
        .isEqualTo(
            new StageOutcome.Broken(
                ErrorClass.CAPACITY, "out of device memory: at the second opening", 0));
    assertThat(sound.outcome().join()).isInstanceOf(StageOutcome.Done.class);
  }

  @Test
  void unusedCallsAreReleased() {
    RenderEngine engine = engine(BYTES, Set.of(), "a");
    for (int side = 8; side < 16; side += 2) {
      engine.submit(FormulaJobs.job("a", 2, side));
      runUntilIdle(engine, 100);
      assertThat(opened.get("a").get(0).used()).containsExactly(new Shape(3, side, side));
    }
    CompletableFuture<Void> closed = engine.close();
    engine.runIteration();
    assertThat(closed).isCompleted();
    assertThat(opened.get("a").get(0).used()).isEmpty();
  }

  @Test
  void largerSamplesNeedProportionallyMoreMemory() {
    RenderEngine engine = engine(3 * BYTES, Set.of(), "b", "c", "a");
    assertThat(open()).hasSize(3);
    // Half of the memory belongs to the calls: with four times the elements they need 150 bytes
    // more.
    engine.submit(FormulaJobs.job("a", 2, 16));
    runUntilIdle(engine, 100);
    assertThat(open()).containsExactly("a");
  }

  @Test
  @SuppressWarnings("FutureReturnValueIgnored") // the outcome itself is looked at
  void imagesBeyondTheHeapLimitWaitAndALargeOneRunsAlone() {
    // An image of 8 x 8 takes 3 + 2 arrays or more of 3 x 64 floats.
    long threeSmall = 3L * 5 * 3 * 64 * Float.BYTES;
    RenderEngine engine =
        new RenderEngine(
            () -> now,
            new EngineLimits(9, Duration.ofSeconds(30), ModelMemory.UNLIMITED, threeSmall),
            EngineObserver.NONE,
            Runnable::run);
    load(engine, () -> open("a"));
    List<Ticket> tickets = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Ticket ticket = engine.submit(FormulaJobs.job("a", 3, i == 4 ? 32 : 8));
      tickets.add(ticket);
      ticket.outcome().thenRun(ticket.hold()::close);
    }
    for (int i = 0; i < 100; i++) {
      CompletableFuture<EngineSnapshot> snapshot = engine.snapshot();
      engine.runIteration();
      boolean large =
          snapshot.join().buckets().stream()
              .anyMatch(bucket -> bucket.sample().height() == 32 && bucket.rows() > 0);
      assertThat(snapshot.join().slotsInUse()).isLessThanOrEqualTo(large ? 1 : 3);
    }
    assertThat(tickets)
        .allSatisfy(
            ticket -> assertThat(ticket.outcome().join()).isInstanceOf(StageOutcome.Done.class));
  }

  @Test
  void anyJobsObeyTheMemoryLimitAndAllAreServed() {
    SplittableRandom random = new SplittableRandom(6);
    String[] names = {"a", "b", "c", "d", "e"};
    RenderEngine engine = engine(2 * BYTES, Set.of(), names);
    List<Ticket> tickets = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      if (tickets.size() < 300 && random.nextInt(3) == 0) {
        tickets.add(submit(engine, names[random.nextInt(names.length)], 1 + random.nextInt(6)));
      }
      engine.runIteration();
      now += Duration.ofMillis(random.nextInt(200)).toNanos();
      assertThat(open()).hasSizeLessThanOrEqualTo(2);
    }
    runUntilIdle(engine, 10_000);
    assertThat(tickets)
        .hasSize(300)
        .allSatisfy(
            ticket -> assertThat(ticket.outcome().join()).isInstanceOf(StageOutcome.Done.class));
  }
}
