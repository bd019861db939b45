package io.darkroom.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ParseBudgetTest {
  private final ParseBudget budget = new ParseBudget(100);
  private final ExecutorService threads = Executors.newFixedThreadPool(8);

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  @Test
  void noMoreBytesAreParsedAtOnceThanTheBudgetHas() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<CompletableFuture<Integer>> parsed =
        IntStream.range(0, 2000)
            .map(i -> i * 37 % 150)
            .mapToObj(
                length ->
                    CompletableFuture.supplyAsync(
                        () -> budget.within(length, () -> counted(length, now, most)), threads))
            .toList();

    assertThat(parsed.stream().mapToInt(CompletableFuture::join).max()).hasValue(149);
    assertThat(most.get()).isBetween(1, 100);
  }

  private static int counted(int length, AtomicInteger now, AtomicInteger most) {
    int share = Math.min(length, 100);
    most.accumulateAndGet(now.addAndGet(share), Math::max);
    Thread.onSpinWait();
    now.addAndGet(-share);
    return length;
  }

  @Test
  void smallMessagesAreParsedAtTheSameTime() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    CompletableFuture<Integer> other =
        CompletableFuture.supplyAsync(() -> budget.within(50, () -> met(both)), threads);

    assertThat(budget.within(50, () -> met(both)) + other.get(60, TimeUnit.SECONDS)).isEqualTo(1);
  }

  private static int met(CyclicBarrier both) {
    try {
      return both.await(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aParserThatThrowsReleasesItsBudget() {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(
              () ->
                  budget.within(
                      1000,
                      () -> {
                        throw new IOException("damaged");
                      }))
          .isInstanceOf(IOException.class)
          .hasMessage("damaged");
    }
    assertThat(budget.<String, RuntimeException>within(100, () -> "all of it")).isNotNull();
  }
}
