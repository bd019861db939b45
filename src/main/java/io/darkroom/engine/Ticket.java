package io.darkroom.engine;

import java.util.concurrent.CompletableFuture;

/** A stage that was handed to the engine. Safe for use by any thread. */
public final class Ticket {
  private final CompletableFuture<StageOutcome> outcome = new CompletableFuture<>();
  private final PictureHold hold;
  private volatile boolean withdrawn;

  Ticket(PictureHold hold) {
    this.hold = hold;
  }

  /** How it ends; completed on the engine thread, so what depends on it must not block. */
  public CompletableFuture<StageOutcome> outcome() {
    return outcome;
  }

  /** To be closed when the pictures of a stage that is done are released. */
  public PictureHold hold() {
    return hold;
  }

  /** Asks for an end between two evaluations. */
  public void withdraw() {
    withdrawn = true;
  }

  boolean withdrawn() {
    return withdrawn;
  }
}
