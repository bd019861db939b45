package io.darkroom.engine;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What other threads ask of the engine thread, in the order in which they asked. */
final class Inbox {
  private final Queue<Runnable> messages = new ConcurrentLinkedQueue<>();
  private final Semaphore work = new Semaphore(0);
  private boolean closed;

  /**
   * Asks for something; any thread.
   *
   * @return false where the inbox is closed: it will not be done
   */
  synchronized boolean post(Runnable message) {
    if (!closed) {
      messages.add(message);
      work.release();
    }
    return !closed;
  }

  /** Ends a wait; any thread. */
  void wake() {
    work.release();
  }

  /** Does all that was asked for; engine thread. */
  void drain() {
    for (Runnable message = messages.poll(); message != null; message = messages.poll()) {
      message.run();
    }
  }

  /** Does all that was asked for and takes no more; engine thread. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    drain();
  }

  /** Waits until there is work, or so long; engine thread. */
  void await(long nanos) throws InterruptedException {
    if (work.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
      work.drainPermits();
    }
  }
}
