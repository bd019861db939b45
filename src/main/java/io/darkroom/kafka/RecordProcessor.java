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
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * Processes one record in three steps: settle the request, publish its dead letter if one is due,
 * publish its terminal event. Each step is retried on its own, so a failing step does not repeat an
 * earlier one.
 */
@Singleton
final class RecordProcessor {
  private static final Logger LOG = Logger.getLogger(RecordProcessor.class);

  private static final Problem LAST =
      Problem.of(
          ErrorClass.INTERNAL,
          "workers returned this request so often that the broker does not deliver it again");

  private final Intake intake;
  private final DeadLetters deadLetters;
  private final EventPublisher events;
  private final RequestTraces traces;
  private final IntakeGate gate;
  private final Attempts attempts;
  private final RetryTopic retries;
  private final RetryPolicy delays;
  private final int most;
  private final RecordRetry retry;
  private final Outage settling = new Outage("settling requests", LOG::warn);

  @Inject
  RecordProcessor(
      Intake intake,
      DeadLetters deadLetters,
      EventPublisher events,
      RequestTraces traces,
      IntakeGate gate,
      Attempts attempts,
      RetryTopic retries,
      KafkaSettings settings) {
    this.intake = intake;
    this.traces = traces;
    this.gate = gate;
    this.attempts = attempts;
    this.retries = retries;
    this.delays = settings.retries();
    this.most = settings.attempts();
    this.deadLetters = deadLetters;
    this.events = events;
    this.retry = new RecordRetry(settings.retries());
  }

  /**
   * Processes a record and blocks until its terminal event is published.
   *
   * @return false if the worker stopped first, or if the record moved to another worker
   */
  boolean settle(ReceivedRecord record, Claim claim) throws InterruptedException {
    if (!attempts.begin(record.record(), record.attempts())) {
      return false;
    }
    claim.onLost(() -> attempts.release(record.record()));
    boolean announced = settleAndAnnounce(record, claim);
    if (announced) {
      attempts.end(record.record());
    }
    return announced;
  }

  private boolean settleAndAnnounce(ReceivedRecord record, Claim claim) {
    Delivery delivery = record.delivery(claim);
    GiveUp giveUp = new GiveUp(gate, record.history().tries());
    Optional<Retry.Tried<Decision>> decided =
        retry
            .call(
                () -> decide(record, delivery, claim, giveUp), failure -> failed(delivery, failure))
            .filter(decision -> claim.announce());
    if (decided.isEmpty()) {
      return false;
    }
    int tries = decided.get().tries();
    return decided.get().value() instanceof Decision.Postponed postponed
        ? postpone(record, delivery, postponed)
        : publish(record, delivery, ((Decision.Settled) decided.get().value()).settlement(), tries);
  }

  /** A record that the topic of retries cannot hold ends here. */
  private boolean postpone(ReceivedRecord record, Delivery delivery, Decision.Postponed postponed) {
    Optional<Boolean> fits =
        retry
            .call(
                () -> retries.publish(record, postponed),
                failure -> LOG.debug("not published", failure))
            .map(Retry.Tried::value);
    if (fits.isEmpty() || fits.get()) {
      return fits.isPresent();
    }
    return publish(record, delivery, intake.giveUp(delivery, postponed.problem()), 1);
  }

  private boolean publish(
      ReceivedRecord record, Delivery delivery, Settlement settlement, int tries) {
    return keep(record, settlement, tries) && announce(record, delivery, settlement);
  }

  private Decision decide(ReceivedRecord record, Delivery delivery, Claim claim, GiveUp giveUp) {
    if (!open() || claim.lost()) {
      throw new Lease.Lost(delivery.source());
    }
    if (record.attempts() > most) {
      return new Decision.Settled(intake.giveUp(delivery, deadly(record.attempts() - 1)));
    }
    if (record.last()) {
      return retries.usable()
          ? new Decision.Postponed(giveUp.tries(), Duration.ZERO, LAST)
          : new Decision.Settled(intake.giveUp(delivery, LAST));
    }
    try {
      Settlement settlement = intake.settle(delivery);
      settling.worked();
      return new Decision.Settled(settlement);
    } catch (Lease.Lost lost) {
      throw lost;
    } catch (RuntimeException failure) {
      Optional<Problem> end = giveUp.failed(failure);
      if (end.isPresent()) {
        LOG.warnf("request given up source=%s reason=%s", delivery.source(), end.get().message());
        return new Decision.Settled(intake.giveUp(delivery, end.get()));
      }
      if (!retries.usable() || !giveUp.postpones()) {
        throw failure;
      }
      return later(delivery, giveUp, failure);
    }
  }

  private Decision later(Delivery delivery, GiveUp giveUp, RuntimeException failure) {
    failed(delivery, failure);
    Duration delay = delays.delay(giveUp.tries(), ThreadLocalRandom.current());
    return new Decision.Postponed(giveUp.tries(), delay, giveUp.postponed(failure));
  }

  private static Problem deadly(int attempts) {
    String message = "the worker ended while it had this request, " + attempts + " times";
    return Problem.of(ErrorClass.INTERNAL, message);
  }

  /** Waits until requests may begin. Returns false if the worker stops first. */
  boolean open() {
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

  /** From now on, steps are not retried. */
  void hurry() {
    gate.stop();
    retry.stop();
  }

  /**
   * From now on, no event is published: renders that stop because the worker stops say nothing
   * about their requests.
   */
  void abandon() {
    retry.abandon();
  }

  private boolean keep(ReceivedRecord record, Settlement settlement, int tries) {
    if (!settlement.deadLetter()) {
      return true;
    }
    Problem problem = problem(settlement.outcome());
    return insist(() -> deadLetters.publish(record, problem, tries));
  }

  private boolean announce(ReceivedRecord record, Delivery delivery, Settlement settlement) {
    Map<String, String> context = followed(delivery, settlement);
    return insist(() -> events.publish(record, settlement.outcome(), context));
  }

  /**
   * The trace headers of the event. If the trace cannot be written, the event is published with the
   * headers of the record.
   */
  private Map<String, String> followed(Delivery delivery, Settlement settlement) {
    try {
      return traces.settled(delivery.traceContext(), delivery, settlement);
    } catch (RuntimeException fault) {
      LOG.errorf(fault, "internal error in the trace of a request source=%s", delivery.source());
      return delivery.traceContext();
    }
  }

  /** Retries a publication; the publishing class logs the failures. */
  private boolean insist(Runnable action) {
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
