package io.darkroom.engine;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What other threads want the engine thread to do, in the order in which they asked. */
final class Inbox {
  private final Queue<Runnable> messages = new ConcurrentLinkedQueue<>();
  private final Semaphore work = new Semaphore(0);

  /** Asks for something; any thread. */
  void post(Runnable message) {
    messages.add(message);
    work.release();
  }

  /** Does all that was asked for; engine thread. */
  void drain() {
    for (Runnable message = messages.poll(); message != null; message = messages.poll()) {
      message.run();
    }
  }

  /** Waits until somebody asks for something, or so long; engine thread. */
  void await(long nanos) throws InterruptedException {
    if (work.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
      work.drainPermits();
    }
  }
}
