package io.darkroom.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that draw noise while the network runs. */
public final class NoiseThreads {
  private static final long IDLE_SECONDS = 10;

  private NoiseThreads() {}

  /**
   * Starts a pool of daemon threads for one engine, one fewer than there are processors; idle
   * threads end.
   */
  public static Executor start() {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            NoiseThreads::daemon);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "noise");
    thread.setDaemon(true);
    return thread;
  }
}
