package io.darkroom.app;

import io.darkroom.engine.RenderEngine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The thread of the render loop. After an exception in an iteration the state of the device is
 * unknown: {@code onFailure} receives the cause on this thread, all jobs end as stopped, and the
 * thread ends.
 */
public final class EngineThread implements AutoCloseable {
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long CLOSE_MILLIS = 10_000;

  private final RenderEngine engine;
  private final Consumer<Throwable> onFailure;
  private final LongSupplier nanoClock;
  private final Thread thread;
  private volatile boolean stopping;
  private volatile long lastIterationNanos;

  public EngineThread(RenderEngine engine, Consumer<Throwable> onFailure, LongSupplier nanoClock) {
    this.engine = engine;
    this.onFailure = onFailure;
    this.nanoClock = nanoClock;
    this.lastIterationNanos = nanoClock.getAsLong();
    this.thread = new Thread(this::loop, "engine");
  }

  public void start() {
    thread.start();
  }

  /**
   * Returns why the render loop does not iterate; empty while it does.
   *
   * @param stall an iteration that takes longer counts as hung
   */
  public Optional<String> problem(Duration stall) {
    if (thread.getState() == Thread.State.TERMINATED) {
      return Optional.of("the engine thread ended");
    }
    Duration iteration = Duration.ofNanos(nanoClock.getAsLong() - lastIterationNanos);
    return iteration.compareTo(stall) > 0
        ? Optional.of("the device has not answered for " + iteration.toSeconds() + " s")
        : Optional.empty();
  }

  private void loop() {
    try {
      while (!stopping) {
        if (engine.runIteration() == 0) {
          engine.awaitWork(IDLE_NANOS);
        }
        lastIterationNanos = nanoClock.getAsLong();
      }
      engine.runIteration();
    } catch (Throwable fault) { // outermost handler of the thread: the owner
      onFailure.accept(fault);
    } finally {
      engine.stop();
    }
  }

  /** Ends the loop after the current iteration and closes the networks. */
  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the call ends with the thread
  public void close() {
    // The engine is asked to close before the flag is set, because the last iteration closes the
    // networks.
    engine.close();
    stopping = true;
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }
}
