package io.darkroom.kafka;

import io.darkroom.job.ErrorClass;
import io.darkroom.job.Problem;
import io.darkroom.render.ObjectStore.StoreFailure;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides when a record that cannot be settled is given up. The number of tries depends on the
 * class of the failure. Tries that fail while the store or the topics are not usable do not count.
 * One instance per record, used by one thread.
 */
final class GiveUp {
  /**
   * A refusal is expected to repeat; the second try allows for permissions that take effect late.
   */
  private static final int REFUSED_TRIES = 2;

  /**
   * About three minutes with delays up to 30 s, in addition to the retries of the store's client.
   */
  private static final int FAILED_TRIES = 10;

  /** Tries before a record makes room for others, about three seconds. */
  private static final int IN_PLACE = 3;

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final IntakeGate gate;
  private int tries;

  /**
   * @param tries failed tries of earlier deliveries
   */
  GiveUp(IntakeGate gate, int tries) {
    this.gate = gate;
    this.tries = tries;
  }

  /**
   * Counts a failed try.
   *
   * @return the problem that ends the request; empty if it is tried again
   */
  Optional<Problem> failed(RuntimeException failure) {
    tries++;
    if (tries < bound(failure)) {
      return Optional.empty();
    }
    if (!confirmed()) {
      tries = 0;
      return Optional.empty();
    }
    return Optional.of(problem(failure, "given up"));
  }

  /**
   * Whether to try again later instead of in place, to be asked after {@link #failed}: a record
   * that fails although the store and the topics are usable must not occupy a place for long.
   */
  boolean postpones() {
    return tries >= IN_PLACE && confirmed();
  }

  /** Failed tries so far. */
  int tries() {
    return tries;
  }

  /** The problem of a record that is postponed. */
  Problem postponed(RuntimeException failure) {
    return problem(failure, "postponed");
  }

  private Problem problem(RuntimeException failure, String what) {
    ErrorClass kind = failure instanceof StoreFailure ? ErrorClass.STORAGE : ErrorClass.INTERNAL;
    String counted = " (" + what + " after " + tries + (tries == 1 ? " try)" : " tries)");
    return Problem.of(kind, reason(failure) + counted);
  }

  /**
   * The message of a store failure; for any other failure the general text, because publishers of
   * requests must not see internal messages.
   */
  private static String reason(RuntimeException failure) {
    return failure instanceof StoreFailure
        ? String.valueOf(failure.getMessage())
        : Problem.fault().message();
  }

  private static int bound(RuntimeException failure) {
    if (failure instanceof StoreFailure store && store.lasting()) {
      return 1;
    }
    return failure instanceof StoreFailure store && store.refused() ? REFUSED_TRIES : FAILED_TRIES;
  }

  private boolean confirmed() {
    try {
      return gate.confirmed(PATIENCE);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
