package io.darkroom.kafka;

import io.darkroom.job.ErrorClass;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.render.Delivery;
import io.darkroom.render.Intake;
import io.darkroom.render.Lease;
import io.darkroom.render.Outage;
import io.darkroom.render.Retry;
import io.darkroom.render.RetryPolicy;
import io.darkroom.render.Settlement;
import io.darkroom.render.TryLater;
import io.darkroom.text.Printable;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Processes one record in three steps: it settles the request, publishes a dead letter if the
 * request needs one, and publishes the terminal event. Each step has its own retries, so a failure
 * of a step does not repeat an earlier step.
 */
@Singleton
final class RecordProcessor {
  private static final Logger LOG = Logger.getLogger(RecordProcessor.class);

  private static final Problem LAST_DELIVERY =
      Problem.of(
          ErrorClass.INTERNAL,
          "workers returned this request so often that the broker does not deliver it again");

  private final Intake intake;
  private final DeadLetters deadLetters;
  private final EventPublisher events;
  private final RequestTraces traces;
  private final IntakeGate gate;
  private final Attempts attempts;
  private final RetryTopic retryTopic;
  private final RetryPolicy delays;
  private final int mostAttempts;
  private final RecordRetry retry;
  private final Outage settling;

  @Inject
  RecordProcessor(
      Intake intake,
      DeadLetters deadLetters,
      EventPublisher events,
      RequestTraces traces,
      IntakeGate gate,
      Attempts attempts,
      RetryTopic retries,
      KafkaSettings settings,
      LongSupplier nanoClock) {
    this.intake = intake;
    this.traces = traces;
    this.gate = gate;
    this.attempts = attempts;
    this.retryTopic = retries;
    this.delays = settings.retries();
    this.mostAttempts = settings.attempts();
    this.deadLetters = deadLetters;
    this.events = events;
    this.retry = new RecordRetry(settings.retries());
    this.settling = new Outage("settling requests", LOG::warn, nanoClock);
  }

  /**
   * Processes a record and blocks until its terminal event is published.
   *
   * @return false if the worker stopped first, or if the record moved to another worker
   */
  boolean settle(ReceivedRecord record, Claim claim) throws InterruptedException {
    attempts.begin(record.record(), record.attempts());
    claim.onLost(() -> attempts.release(record.record()));
    boolean announced = settleAndPublish(record, claim);
    if (announced) {
      attempts.end(record.record());
    }
    return announced;
  }

  private boolean settleAndPublish(ReceivedRecord record, Claim claim) {
    Delivery delivery = record.delivery(claim);
    GiveUp giveUp = new GiveUp(gate, record.history().tries());
    Optional<Retry.Tried<Decision>> decided =
        retry
            .call(
                () -> settleOnce(record, delivery, claim, giveUp),
                failure -> failed(delivery, failure))
            .filter(decision -> claim.beginPublishing());
    if (decided.isEmpty()) {
      return false;
    }
    int tries = decided.get().tries();
    return decided.get().value() instanceof Decision.Postponed postponed
        ? postpone(record, delivery, postponed)
        : publish(record, delivery, ((Decision.Settled) decided.get().value()).settlement(), tries);
  }

  /**
   * Publishes a record to the topic of retries. If the record is too large for that topic, the
   * request fails.
   */
  private boolean postpone(ReceivedRecord record, Delivery delivery, Decision.Postponed postponed) {
    Optional<Boolean> fits =
        retry
            .call(
                () -> retryTopic.publish(record, postponed),
                failure -> LOG.debug("not published", failure))
            .map(Retry.Tried::value);
    if (fits.isEmpty() || fits.get()) {
      return fits.isPresent();
    }
    return publish(record, delivery, intake.giveUp(delivery, postponed.problem()), 1);
  }

  private boolean publish(
      ReceivedRecord record, Delivery delivery, Settlement settlement, int tries) {
    return publishDeadLetter(record, settlement, tries)
        && publishEvent(record, delivery, settlement);
  }

  private Decision settleOnce(
      ReceivedRecord record, Delivery delivery, Claim claim, GiveUp giveUp) {
    if (!awaitOpenGate() || claim.lost()) {
      throw new Lease.Lost(delivery.source());
    }
    if (record.attempts() > mostAttempts) {
      return new Decision.Settled(intake.giveUp(delivery, workersDied(record.attempts() - 1)));
    }
    if (record.last()) {
      return retryTopic.usable()
          ? new Decision.Postponed(giveUp.tries(), Duration.ZERO, LAST_DELIVERY)
          : new Decision.Settled(intake.giveUp(delivery, LAST_DELIVERY));
    }
    try {
      Settlement settlement = intake.settle(delivery);
      settling.worked();
      return new Decision.Settled(settlement);
    } catch (Lease.Lost lost) {
      throw lost;
    } catch (TryLater busy) {
      return later(record, giveUp, busy);
    } catch (RuntimeException failure) {
      Optional<Problem> end = giveUp.failed(failure);
      if (end.isPresent()) {
        LOG.warnf(
            "request given up source=%s reason=%s",
            delivery.source(), Printable.logValue(end.get().message()));
        return new Decision.Settled(intake.giveUp(delivery, end.get()));
      }
      if (!retryTopic.usable() || !giveUp.postpones()) {
        throw failure;
      }
      return postponeAfter(delivery, giveUp, failure);
    }
  }

  /**
   * Postpones a record that makes room for others. Without the topic of retries it waits on its
   * thread.
   *
   * @throws TryLater if the topic does not exist
   */
  private Decision later(ReceivedRecord record, GiveUp giveUp, TryLater busy) {
    if (!retryTopic.usable()) {
      throw busy;
    }
    Duration delay = delays.delay(record.history().rounds() + 1, ThreadLocalRandom.current());
    Problem problem = Problem.of(ErrorClass.CAPACITY, String.valueOf(busy.getMessage()));
    return new Decision.Postponed(giveUp.tries(), delay, problem);
  }

  private Decision postponeAfter(Delivery delivery, GiveUp giveUp, RuntimeException failure) {
    failed(delivery, failure);
    Duration delay = delays.delay(giveUp.tries(), ThreadLocalRandom.current());
    return new Decision.Postponed(giveUp.tries(), delay, giveUp.postponed(failure));
  }

  private static Problem workersDied(int attempts) {
    String message = "the worker ended while it had this request, " + attempts + " times";
    return Problem.of(ErrorClass.INTERNAL, message);
  }

  /** Waits until requests may begin. Returns false if the worker stops first. */
  boolean awaitOpenGate() {
    try {
      return gate.await();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void failed(Delivery delivery, RuntimeException failure) {
    settling.failed(delivery.source() + ": " + failure.getMessage());
    LOG.debugf(failure, "settling failed source=%s", delivery.source());
  }

  /** Stops all retries. Steps that are running finish. */
  void stopRetries() {
    gate.stop();
    retry.stop();
  }

  /**
   * Stops the publication of events: a render that ends because the worker stops has no outcome.
   */
  void abandon() {
    retry.abandon();
  }

  private boolean publishDeadLetter(ReceivedRecord record, Settlement settlement, int tries) {
    if (!settlement.deadLetter()) {
      return true;
    }
    Problem problem = problem(settlement.outcome());
    return publishWithRetries(() -> deadLetters.publish(record, problem, tries));
  }

  private boolean publishEvent(ReceivedRecord record, Delivery delivery, Settlement settlement) {
    Map<String, String> context = eventTraceContext(delivery, settlement);
    return publishWithRetries(() -> events.publish(record, settlement.outcome(), context));
  }

  /**
   * Returns the trace headers of the event. If the trace cannot be written, these are the headers
   * of the record.
   */
  private Map<String, String> eventTraceContext(Delivery delivery, Settlement settlement) {
    try {
      return traces.settled(delivery.traceContext(), delivery, settlement);
    } catch (RuntimeException fault) {
      LOG.errorf(fault, "internal error in the trace of a request source=%s", delivery.source());
      return delivery.traceContext();
    }
  }

  /** Publishes with retries. The publishing class logs the failures. */
  private boolean publishWithRetries(Runnable action) {
    return retry
        .call(
            () -> {
              action.run();
              return true;
            },
            failure -> LOG.debug("not published", failure))
        .isPresent();
  }

  private static Problem problem(RenderOutcome outcome) {
    if (outcome instanceof RenderOutcome.Rejected rejected) {
      return rejected.problem();
    }
    if (outcome instanceof RenderOutcome.Failed failed) {
      return failed.problem();
    }
    throw new IllegalArgumentException("dead letter: must be rejected or failed, is " + outcome);
  }
}
