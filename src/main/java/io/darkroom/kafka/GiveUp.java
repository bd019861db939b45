package io.darkroom.kafka;

import io.darkroom.job.ErrorClass;
import io.darkroom.job.Problem;
import io.darkroom.render.ObjectStore.StoreFailure;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides when a record whose settling fails is given up, so that none is tried without end: by the
 * class of the failure, and only where the store and the topics themselves are usable. What fails
 * while they are not is not counted. One per record, used by one thread.
 */
final class GiveUp {
  /** What is refused is refused again; once more, since permissions spread slowly. */
  private static final int REFUSED_TRIES = 2;

  /** With delays up to 30 s about three minutes, beside the store client's own tries. */
  private static final int FAILED_TRIES = 10;

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final IntakeGate gate;
  private int tries;

  GiveUp(IntakeGate gate) {
    this.gate = gate;
  }

  /**
   * Counts a failed try.
   *
   * @return what the request ends with; empty where it is to be tried again
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
    ErrorClass kind = failure instanceof StoreFailure ? ErrorClass.STORAGE : ErrorClass.INTERNAL;
    String counted = " (given up after " + tries + (tries == 1 ? " try)" : " tries)");
    return Optional.of(Problem.of(kind, reason(failure) + counted));
  }

  /** Anything but the store's failures says nothing to a stranger. */
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
