package io.darkroom.kafka;

import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.render.Delivery;
import io.darkroom.render.Intake;
import io.darkroom.render.Lease;
import io.darkroom.render.Retry;
import io.darkroom.render.Settlement;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Brings one record all the way: settled, kept as a dead letter where that is due, announced. Each
 * of the three is tried until it works, so none is done twice because a later one failed.
 */
@Singleton
final class RecordProcessor {
  private static final Logger LOG = Logger.getLogger(RecordProcessor.class);

  private final Intake intake;
  private final DeadLetters deadLetters;
  private final EventPublisher events;
  private final RequestTraces traces;
  private final RecordRetry retry;

  @Inject
  RecordProcessor(
      Intake intake,
      DeadLetters deadLetters,
      EventPublisher events,
      RequestTraces traces,
      KafkaSettings settings) {
    this.intake = intake;
    this.traces = traces;
    this.deadLetters = deadLetters;
    this.events = events;
    this.retry = new RecordRetry(settings.retries());
  }

  /**
   * Blocks until the record's event is with the broker.
   *
   * @return false where the worker stopped before, or where the record moved to another worker
   */
  boolean settle(ReceivedRecord record, Claim claim) {
    Delivery delivery = record.delivery(claim);
    return retry
        .call("settling", record.source(), () -> outcome(delivery, claim))
        .filter(settled -> claim.announce())
        .filter(settled -> keep(record, settled))
        .filter(settled -> announce(record, delivery, settled.value()))
        .isPresent();
  }

  private Settlement outcome(Delivery delivery, Claim claim) {
    if (claim.lost()) {
      throw new Lease.Lost(delivery.source());
    }
    return intake.settle(delivery);
  }

  /** Gives up what is not done at the first try from now on. */
  void hurry() {
    retry.stop();
  }

  /**
   * Announces nothing from now on: what is under way ends as the worker does, and how it ends says
   * nothing of the request.
   */
  void abandon() {
    retry.abandon();
  }

  private boolean keep(ReceivedRecord record, Retry.Tried<Settlement> settled) {
    if (!settled.value().deadLetter()) {
      return true;
    }
    Problem problem = problem(settled.value().outcome());
    return insist(
        "dead letter", record, () -> deadLetters.publish(record, problem, settled.tries()));
  }

  private boolean announce(ReceivedRecord record, Delivery delivery, Settlement settlement) {
    Map<String, String> context = followed(delivery, settlement);
    return insist("event", record, () -> events.publish(record, settlement.outcome(), context));
  }

  /** The event does not depend on whether its trace can be written. */
  private Map<String, String> followed(Delivery delivery, Settlement settlement) {
    try {
      return traces.settled(delivery.traceContext(), delivery, settlement);
    } catch (RuntimeException fault) {
      LOG.errorf(fault, "internal error in the trace of a request source=%s", delivery.source());
      return delivery.traceContext();
    }
  }

  private boolean insist(String what, ReceivedRecord record, Runnable action) {
    return retry
        .call(
            what,
            record.source(),
            () -> {
              action.run();
              return true;
            })
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
