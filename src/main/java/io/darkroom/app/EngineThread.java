package io.darkroom.app;

import io.darkroom.engine.RenderEngine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The thread that turns the engine. Where a turn throws, nothing of the device can be trusted any
 * more: {@code death} gets the cause, on this thread, all jobs end as stopped, and the thread ends.
 */
public final class EngineThread implements AutoCloseable {
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long CLOSE_MILLIS = 10_000;

  private final RenderEngine engine;
  private final Consumer<Throwable> death;
  private final Thread thread;
  private volatile boolean stopping;
  private volatile long lastTurnNanos = System.nanoTime();

  public EngineThread(RenderEngine engine, Consumer<Throwable> death) {
    this.engine = engine;
    this.death = death;
    this.thread = new Thread(this::turn, "engine");
  }

  public void start() {
    thread.start();
  }

  /**
   * Why the engine does not turn; empty where it does.
   *
   * @param stall a turn that takes longer will not end
   */
  public Optional<String> problem(Duration stall) {
    if (thread.getState() == Thread.State.TERMINATED) {
      return Optional.of("the engine thread ended");
    }
    Duration turn = Duration.ofNanos(System.nanoTime() - lastTurnNanos);
    return turn.compareTo(stall) > 0
        ? Optional.of("the device has not answered for " + turn.toSeconds() + " s")
        : Optional.empty();
  }

  private void turn() {
    try {
      while (!stopping) {
        if (engine.tick() == 0) {
          engine.awaitWork(IDLE_NANOS);
        }
        lastTurnNanos = System.nanoTime();
      }
      engine.tick();
    } catch (Throwable fault) { // the thread's top: the owner of the process decides
      death.accept(fault);
    } finally {
      engine.stop();
    }
  }

  /** Ends after the current turn and closes the networks. */
  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // it is done when the thread is
  public void close() {
    // Before the flag: the last turn is the one that closes.
    engine.close();
    stopping = true;
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }
}
