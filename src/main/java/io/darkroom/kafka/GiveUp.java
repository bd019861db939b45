package io.darkroom.kafka;

import io.darkroom.job.ErrorClass;
import io.darkroom.job.Problem;
import io.darkroom.render.ObjectStore.StoreFailure;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides when to give up a record that cannot be settled. The number of tries depends on the kind
 * of failure. Tries that fail while the store or the topics are not usable do not count. Each
 * record has its own instance, which one thread uses.
 */
final class GiveUp {
  /**
   * Number of tries after a refusal by the store. A refusal usually repeats; the second try is for
   * permissions that take effect with a delay.
   */
  private static final int REFUSED_TRIES = 2;

  /**
   * Number of tries after other failures: about three minutes with delays of up to 30 s, in
   * addition to the retries of the store's client.
   */
  private static final int FAILED_TRIES = 10;

  /** Number of tries before a record is postponed, about three seconds. */
  private static final int IN_PLACE = 3;

  private static final Duration TIMEOUT = Duration.ofMinutes(1);

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
   * Returns whether to postpone the record instead of retrying it on this thread. Call it after
   * {@link #failed}. A record that fails although the store and the topics are usable must not
   * occupy a thread for long.
   */
  boolean postpones() {
    return tries >= IN_PLACE && confirmed();
  }

  /** Returns the number of failed tries so far. */
  int tries() {
    return tries;
  }

  /** Returns the problem of a record that is postponed. */
  Problem postponed(RuntimeException failure) {
    return problem(failure, "postponed");
  }

  private Problem problem(RuntimeException failure, String what) {
    ErrorClass kind = failure instanceof StoreFailure ? ErrorClass.STORAGE : ErrorClass.INTERNAL;
    String counted = " (" + what + " after " + tries + (tries == 1 ? " try)" : " tries)");
    return Problem.of(kind, reason(failure) + counted);
  }

  /**
   * Returns the message of a store failure. For any other failure it returns a general text,
   * because publishers of requests must not see internal messages.
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
      return gate.confirmed(TIMEOUT);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
