package io.darkroom.app;

import io.darkroom.engine.RenderEngine;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The thread that turns the engine. Where a turn throws, nothing of the device can be trusted any
 * more: {@code death} is told, on this thread, and the thread ends.
 */
final class EngineThread implements AutoCloseable {
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long CLOSE_MILLIS = 10_000;

  private final RenderEngine engine;
  private final Consumer<Throwable> death;
  private final Thread thread;
  private volatile boolean stopping;
  private volatile long lastTurnNanos = System.nanoTime();

  EngineThread(RenderEngine engine, Consumer<Throwable> death) {
    this.engine = engine;
    this.death = death;
    this.thread = new Thread(this::turn, "engine");
  }

  void start() {
    thread.start();
  }

  /** Whether the engine is being turned. */
  boolean alive() {
    return thread.isAlive();
  }

  /** Time since the last turn ended. */
  long sinceLastTurnNanos() {
    return System.nanoTime() - lastTurnNanos;
  }

  private void turn() {
    try {
      while (!stopping) {
        if (engine.tick() == 0) {
          engine.awaitWork(IDLE_NANOS);
        }
        lastTurnNanos = System.nanoTime();
      }
      CompletableFuture<Void> closed = engine.close();
      engine.tick();
      closed.join();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } catch (Throwable fault) { // the thread's top: whoever owns the process decides
      death.accept(fault);
    }
  }

  /** Ends after the current turn and closes the networks. */
  @Override
  public void close() {
    stopping = true;
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }
}
