package io.darkroom.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A stage that was submitted to the engine. Safe for use by any thread. */
public final class Ticket {
  private final CompletableFuture<StageOutcome> outcome = new CompletableFuture<>();
  private final PictureHold hold;
  private final AtomicBoolean cancelled = new AtomicBoolean();

  Ticket(PictureHold hold) {
    this.hold = hold;
  }

  /** Returns the outcome; completed on the engine thread, so dependent actions must not block. */
  public CompletableFuture<StageOutcome> outcome() {
    return outcome;
  }

  /**
   * Returns the reservation of heap; close it when the pictures of the finished stage are released.
   */
  public PictureHold hold() {
    return hold;
  }

  /** Requests that the stage ends between two evaluations; no effect if it has ended. */
  public void cancel() {
    cancelled.set(true);
  }

  /**
   * Returns {@link #cancel} as an action that can be kept for a long time: it has no reference to
   * the pictures.
   */
  public Runnable cancellation() {
    AtomicBoolean flag = cancelled;
    return () -> flag.set(true);
  }

  boolean cancelled() {
    return cancelled.get();
  }
}
