package io.darkroom.render;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Delivers job events to the listeners in order, on a separate thread. A thread that posts an
 * event, such as the engine's, only adds a value to a queue. If the queue is full, the event is
 * dropped. Safe for use by many threads.
 */
final class JobEvents {
  private static final System.Logger LOG = System.getLogger(JobEvents.class.getName());
  private static final int MOST_WAITING = 4096;
  private static final long IDLE_SECONDS = 10;
  private static final long LONGEST_FLUSH_SECONDS = 1;

  private final List<JobListener> listeners;
  private final Executor thread;

  /** Creates a queue. Its thread exists only while there are events. */
  JobEvents(List<JobListener> listeners) {
    this(listeners, oneThread());
  }

  JobEvents(List<JobListener> listeners, Executor thread) {
    this.listeners = List.copyOf(listeners);
    this.thread = thread;
  }

  private static Executor oneThread() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            JobEvents::daemon);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "job-events");
    thread.setDaemon(true);
    return thread;
  }

  /** Adds an event to the queue. Never blocks and never throws. */
  void post(JobEvent event) {
    execute(() -> deliver(event));
  }

  /**
   * Delivers the last event of a job on the calling thread, after all events that were posted
   * before.
   */
  void settled(JobEvent.Settled event) {
    flush();
    deliver(event);
  }

  /** Waits until the events posted so far are delivered, for a limited time. */
  private void flush() {
    CountDownLatch delivered = new CountDownLatch(1);
    try {
      if (execute(delivered::countDown)
          && !delivered.await(LONGEST_FLUSH_SECONDS, TimeUnit.SECONDS)) {
        LOG.log(Level.WARNING, "listeners of job events are slow");
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean execute(Runnable work) {
    try {
      thread.execute(work);
      return true;
    } catch (RejectedExecutionException full) {
      LOG.log(Level.DEBUG, "job event dropped reason=queue full");
      return false;
    }
  }

  private void deliver(JobEvent event) {
    for (JobListener listener : listeners) {
      try {
        listener.happened(event);
      } catch (RuntimeException | StackOverflowError fault) {
        LOG.log(Level.ERROR, "internal error in a listener of job events", fault);
      }
    }
  }
}
