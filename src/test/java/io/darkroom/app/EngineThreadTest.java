package io.darkroom.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.LoadedModel;
import io.darkroom.engine.RenderEngine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EngineThreadTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final RenderEngine engine =
      new RenderEngine(
          System::nanoTime,
          new EngineLimits(1, Duration.ofSeconds(30)),
          EngineObserver.NONE,
          Runnable::run);
  private final CompletableFuture<Throwable> death = new CompletableFuture<>();
  private final EngineThread thread = new EngineThread(engine, death::complete, System::nanoTime);

  @Test
  void anIterationThatThrowsIsReportedAndEndsTheThread() throws Exception {
    LinkageError lost = new LinkageError("the device is gone");
    thread.start();
    CompletableFuture<LoadedModel> never =
        engine.load(
            () -> {
              throw lost;
            });

    assertThat(death.get(60, TimeUnit.SECONDS)).isSameAs(lost);
    thread.close();
    assertThat(never).isNotDone();
    assertThat(
            engine.load(
                () -> {
                  throw lost;
                }))
        .as("the engine takes nothing more")
        .isCompletedExceptionally();
    assertThat(thread.problem(LONG)).contains("the engine thread ended");
  }

  @Test
  void anIterationThatDoesNotEndIsReportedAsADeviceThatDoesNotAnswer() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    thread.start();
    CompletableFuture<LoadedModel> answered =
        engine.load(
            () -> {
              begun.countDown();
              answer.await();
              throw new IllegalStateException("answered");
            });
    assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();

    assertThat(thread.problem(Duration.ZERO))
        .hasValueSatisfying(reason -> assertThat(reason).startsWith("the device has not answered"));
    assertThat(thread.problem(LONG)).isEmpty();

    answer.countDown();
    thread.close();
    assertThat(answered).isCompletedExceptionally();
    assertThat(death).isNotDone();
  }
}
