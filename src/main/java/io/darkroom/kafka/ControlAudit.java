package io.darkroom.kafka;

import io.darkroom.job.ErrorClass;
import io.darkroom.job.Problem;
import io.darkroom.json.Control;
import io.darkroom.json.ControlCodec;
import io.darkroom.text.Printable;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * Publishes unrecognised control messages as dead letters. Every worker reads the whole control
 * topic at each start; this class reads it in a consumer group, so that only one worker publishes
 * the dead letter of a message.
 */
@Singleton
final class ControlAudit {
  private static final Logger LOG = Logger.getLogger(ControlAudit.class);

  private final ControlCodec codec;
  private final DeadLetters deadLetters;
  private final ControlCounts counts;
  private final Clock clock;
  private final RecordRetry retry;

  @Inject
  ControlAudit(
      ControlCodec codec,
      DeadLetters deadLetters,
      ControlCounts counts,
      Clock clock,
      KafkaSettings settings) {
    this.codec = codec;
    this.deadLetters = deadLetters;
    this.counts = counts;
    this.clock = clock;
    this.retry = new RecordRetry(settings.retries());
  }

  /**
   * Acknowledges a message when it is recognised or its dead letter is published. If the worker
   * stops first, the message is not acknowledged.
   */
  @Incoming("control")
  @Blocking
  CompletionStage<Void> audit(Message<byte[]> message) {
    ReceivedRecord record = ReceivedRecord.of(message, clock.instant());
    Optional<Problem> problem = problem(record);
    if (problem.isPresent()) {
      LOG.warnf(
          "control message unusable source=%s reason=%s",
          record.source(), Printable.logValue(problem.get().message()));
      counts.unusable();
      if (!kept(record, problem.get())) {
        return new CompletableFuture<>();
      }
    }
    return message.ack();
  }

  private Optional<Problem> problem(ReceivedRecord record) {
    try {
      return codec.read(record.body()) instanceof Control.Unusable unusable
          ? Optional.of(Problem.of(ErrorClass.INVALID, unusable.reason()))
          : Optional.empty();
    } catch (RuntimeException | StackOverflowError fault) {
      LOG.errorf(fault, "internal error in a control message source=%s", record.source());
      return Optional.of(Problem.fault());
    }
  }

  @PreDestroy
  void leave() {
    retry.abandon();
  }

  private boolean kept(ReceivedRecord record, Problem problem) {
    return retry
        .call(
            () -> {
              deadLetters.publish(record, problem, 1);
              return true;
            },
            failure -> LOG.debugf(failure, "dead letter failed source=%s", record.source()))
        .isPresent();
  }
}
