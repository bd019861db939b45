package io.darkroom.engine;

import java.util.concurrent.CompletableFuture;

/** A stage that was handed to the engine. Safe for use by any thread. */
public final class Ticket {
  private final CompletableFuture<StageOutcome> outcome = new CompletableFuture<>();
  private volatile boolean withdrawn;

  /** How it ends; completed on the engine thread, so what depends on it must not block. */
  public CompletableFuture<StageOutcome> outcome() {
    return outcome;
  }

  /** Asks for an end between two evaluations. */
  public void withdraw() {
    withdrawn = true;
  }

  boolean withdrawn() {
    return withdrawn;
  }
}
