package io.darkroom.kafka;

import java.util.concurrent.CountDownLatch;

/** Blocks as a render does. */
final class Waiting {
  private Waiting() {}

  /** Waits until the latch is open; an interrupt fails the render. */
  static void forLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Waits until the latch is open and ignores interrupts, like the evaluation of a network. */
  static void uninterruptibly(CountDownLatch latch) {
    boolean open = false;
    while (!open) {
      try {
        latch.await();
        open = true;
      } catch (InterruptedException later) {
        // An interrupt does not stop it.
      }
    }
  }
}
