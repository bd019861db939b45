package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.DeviceFailure.Kind;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LanesTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void everyPartOfEachWorkItemRunsOnce(int count) {
    try (Lanes lanes = Lanes.of(count)) {
      for (int round = 0; round < 3000; round++) {
        AtomicIntegerArray runs = new AtomicIntegerArray(round % 7);
        lanes.run(runs.length(), (part, lane) -> runs.incrementAndGet(part));
        for (int part = 0; part < runs.length(); part++) {
          assertThat(runs.get(part)).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void partsRunAtTheSameTimeOnSeparateLanes() {
    try (Lanes lanes = Lanes.of(3)) {
      CyclicBarrier all = new CyclicBarrier(3);
      Set<Integer> used = ConcurrentHashMap.newKeySet();
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      lanes.run(
          3,
          (part, lane) -> {
            used.add(lane);
            threads.add(Thread.currentThread());
            await(all);
          });
      assertThat(used).containsExactlyInAnyOrder(0, 1, 2);
      assertThat(threads).hasSize(3).contains(Thread.currentThread());
      assertThat(threads).filteredOn(lanes::has).hasSize(2).allMatch(Thread::isDaemon);
      assertThat(threads).filteredOn(lanes::has).extracting(Thread::getName).contains("lane-1");
    }
  }

  @Test
  void theWorstFailureIsThrownWhenAllPartsAreDone() {
    DeviceFailure refused = DeviceFailure.refused("rows");
    DeviceFailure memory = new DeviceFailure(Kind.OUT_OF_MEMORY, "4 GiB", null);
    DeviceFailure lost = new DeviceFailure(Kind.LOST, "719", null);
    IllegalStateException fault = new IllegalStateException("a fault");
    OutOfMemoryError heap = new OutOfMemoryError("heap");
    Throwable[] byBadness = {refused, memory, lost, fault, heap};
    try (Lanes lanes = Lanes.of(2)) {
      for (int worst = 0; worst < byBadness.length; worst++) {
        for (int order = 0; order < 2; order++) {
          Throwable[] failures = {byBadness[0], byBadness[worst], byBadness[0]};
          int last = order == 0 ? 3 : 2;
          AtomicIntegerArray runs = new AtomicIntegerArray(last);
          assertThatThrownBy(
                  () ->
                      lanes.run(
                          last,
                          (part, lane) -> {
                            runs.incrementAndGet(part);
                            fail(failures[part]);
                          }))
              .isSameAs(byBadness[worst]);
          assertThat(runs.toString()).doesNotContain("0");
        }
        lanes.run(2, (part, lane) -> {});
      }
    }
  }

  @Test
  void closedLanesEndTheirThreadsAndTheCallerRunsAllParts() throws InterruptedException {
    Lanes lanes = Lanes.of(2);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CyclicBarrier both = new CyclicBarrier(2);
    lanes.run(
        2,
        (part, lane) -> {
          threads.add(Thread.currentThread());
          await(both);
        });
    lanes.close();
    threads.remove(Thread.currentThread());
    Thread thread = threads.iterator().next();
    thread.join(TimeUnit.SECONDS.toMillis(30));
    assertThat(thread.getState()).isEqualTo(Thread.State.TERMINATED);
    AtomicIntegerArray runs = new AtomicIntegerArray(4);
    lanes.run(4, (part, lane) -> runs.addAndGet(part, lane + 1));
    assertThat(runs).hasToString("[1, 1, 1, 1]");
  }

  @Test
  void workAllocatesNothing() {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    Lanes.Work nothing = (part, lane) -> {};
    try (Lanes lanes = Lanes.of(2)) {
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 2000; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        lanes.run(4, nothing);
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertThat(least).isZero();
    }
  }

  @Test
  void theNumberFitsTheCoresAndTheThreadsOfARun() {
    int processors = Runtime.getRuntime().availableProcessors();
    assertThat(Lanes.fitting(Provider.CPU, 1)).isBetween(1, processors);
    assertThat(Lanes.fitting(Provider.CPU, 1000)).isEqualTo(1);
    assertThat(Lanes.fitting(CudaOptions.DEFAULT.provider(), 1)).isEqualTo(1);
    assertThatThrownBy(() -> Lanes.of(0)).hasMessage("lanes: must be 1 or more, are 0");
  }

  @Test
  void aCoreWithSeveralProcessorsCountsOnce() {
    List<String> twoSockets =
        IntStream.range(0, 8)
            .boxed()
            .flatMap(i -> Stream.of("physical id\t: " + i % 2, "core id\t\t: " + i / 4))
            .toList();
    assertThat(CpuDevice.cores(twoSockets)).hasValue(4);
    assertThat(CpuDevice.cores(List.of("processor\t: 0", "processor\t: 1"))).isEmpty();
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (Exception broken) {
      throw new AssertionError(broken);
    }
  }

  private static void fail(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }
}
