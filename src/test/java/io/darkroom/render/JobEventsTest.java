package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.job.RenderOutcome;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class JobEventsTest {
  private static final JobEvent STARTED = new JobEvent.Started(new Progress("job", 0, 20));
  private static final JobEvent PROGRESSED = new JobEvent.Progressed(new Progress("job", 1, 20));
  private static final JobEvent.Settled SETTLED =
      new JobEvent.Settled(
          TestWorker.delivery("{}"),
          new Settlement(
              new RenderOutcome.Cancelled("job", "0".repeat(64), 0),
              false,
              Account.empty(Instant.EPOCH)));

  @Test
  void theThreadThatPostsDoesNotRunListeners() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    JobEvents events =
        new JobEvents(
            List.of(
                event -> {
                  if (event == STARTED) {
                    threads.add(Thread.currentThread());
                  }
                }));
    events.post(STARTED);
    events.settled(SETTLED);

    assertThat(threads).hasSize(1).doesNotContain(Thread.currentThread());
  }

  @Test
  void theOutcomeIsTheLastEventOfAJob() {
    ConcurrentLinkedQueue<JobEvent> heard = new ConcurrentLinkedQueue<>();
    JobEvents events = new JobEvents(List.of(heard::add));
    for (int i = 0; i < 100; i++) {
      heard.clear();
      events.post(STARTED);
      events.post(PROGRESSED);
      events.settled(SETTLED);
      assertThat(heard).containsExactly(STARTED, PROGRESSED, SETTLED);
    }
  }

  @Test
  void aListenerThatThrowsDoesNotAffectTheOthers() {
    ConcurrentLinkedQueue<JobEvent> heard = new ConcurrentLinkedQueue<>();
    JobEvents events =
        new JobEvents(
            List.of(
                event -> {
                  throw new IllegalStateException("of the listener");
                },
                event -> {
                  throw new StackOverflowError("of the listener");
                },
                heard::add));
    events.post(STARTED);
    events.post(PROGRESSED);
    events.settled(SETTLED);

    assertThat(heard).containsExactly(STARTED, PROGRESSED, SETTLED);
  }

  @Test
  void aBlockedListenerDelaysNeitherThePostingThreadNorTheOutcome() {
    CountDownLatch never = new CountDownLatch(1);
    ConcurrentLinkedQueue<JobEvent> heard = new ConcurrentLinkedQueue<>();
    JobEvents events =
        new JobEvents(
            List.of(
                event -> {
                  heard.add(event);
                  if (event == STARTED) {
                    await(never);
                  }
                }));
    events.post(STARTED);
    for (int i = 0; i < 10_000; i++) {
      events.post(PROGRESSED);
    }
    events.settled(SETTLED);

    assertThat(heard).contains(SETTLED).doesNotContain(PROGRESSED);
    never.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aFullQueueDropsEventsAndKeepsTheOutcome() {
    Deque<Runnable> queue = new ArrayDeque<>();
    List<JobEvent> heard = new ArrayList<>();
    JobEvents events =
        new JobEvents(
            List.of(heard::add),
            work -> {
              if (queue.size() == 2) {
                throw new RejectedExecutionException("full");
              }
              queue.add(work);
            });
    events.post(STARTED);
    events.post(PROGRESSED);
    events.post(PROGRESSED);
    events.settled(SETTLED);
    queue.forEach(Runnable::run);

    assertThat(heard).containsExactly(SETTLED, STARTED, PROGRESSED);
  }
}
