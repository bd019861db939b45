package io.darkroom.engine;

import java.util.concurrent.CompletableFuture;

/** A stage that was submitted to the engine. Safe for use by any thread. */
public final class Ticket {
  private final CompletableFuture<StageOutcome> outcome = new CompletableFuture<>();
  private final PictureHold hold;
  private volatile boolean withdrawn;

  Ticket(PictureHold hold) {
    this.hold = hold;
  }

  /** The outcome; completed on the engine thread, so dependent actions must not block. */
  public CompletableFuture<StageOutcome> outcome() {
    return outcome;
  }

  /** The reservation of heap; close it when the pictures of the finished stage are released. */
  public PictureHold hold() {
    return hold;
  }

  /** Requests that the stage ends between two evaluations. */
  public void withdraw() {
    withdrawn = true;
  }

  boolean withdrawn() {
    return withdrawn;
  }
}
