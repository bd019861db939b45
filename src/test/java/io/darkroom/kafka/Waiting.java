package io.darkroom.kafka;

import java.util.concurrent.CountDownLatch;

/** Blocks as a render does. */
final class Waiting {
  private Waiting() {}

  /** Returns when the latch is open; an interrupt is a fault of the render. */
  static void forLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Returns when the latch is open and not before, as a network that is being evaluated. */
  static void uninterruptibly(CountDownLatch latch) {
    boolean open = false;
    while (!open) {
      try {
        latch.await();
        open = true;
      } catch (InterruptedException later) {
        // It will be done when it is done.
      }
    }
  }
}
