package io.darkroom.engine;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Messages of other threads to the engine thread, in order. */
final class Inbox {
  private final Queue<Runnable> messages = new ConcurrentLinkedQueue<>();
  private final Semaphore work = new Semaphore(0);
  private boolean closed;

  /**
   * Adds a message. Any thread.
   *
   * @return false if the inbox is closed; the message will not run
   */
  synchronized boolean post(Runnable message) {
    if (!closed) {
      messages.add(message);
      work.release();
    }
    return !closed;
  }

  /** Ends {@link #await}. Any thread. */
  void wake() {
    work.release();
  }

  /** Runs all messages. Engine thread. */
  void drain() {
    for (Runnable message = messages.poll(); message != null; message = messages.poll()) {
      message.run();
    }
  }

  /** Runs all messages and closes the inbox. Engine thread. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    drain();
  }

  /** Waits for a message or until the time has passed. Engine thread. */
  void await(long nanos) throws InterruptedException {
    if (work.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
      work.drainPermits();
    }
  }
}
