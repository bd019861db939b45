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
}
