package io.darkroom.kafka;

import io.darkroom.render.Outage;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.jboss.logging.Logger;

/**
 * Records whether the broker accepts the events and dead letters of this worker. Safe for use by
 * many threads.
 */
@Singleton
public final class Publishing {
  private static final Logger LOG = Logger.getLogger(Publishing.class);

  private final Clock clock;
  private final Topic events;
  private final Topic deadLetters;

  @Inject
  Publishing(KafkaSettings settings, Clock clock, LongSupplier nanoClock) {
    this.clock = clock;
    this.events = new Topic(settings.topics().events(), nanoClock);
    this.deadLetters = new Topic(settings.topics().deadLetters(), nanoClock);
  }

  /** State of one topic that the worker writes to. */
  final class Topic {
    private final Outage outage;

    private Topic(String name, LongSupplier nanoClock) {
      this.outage = new Outage("publishing to " + name, LOG::warn, nanoClock);
    }

    void failed(Throwable failure) {
      outage.failed(reason(failure));
    }

    void worked() {
      outage.worked();
    }
  }

  Topic events() {
    return events;
  }

  Topic deadLetters() {
    return deadLetters;
  }

  /** Returns why the broker refused the last records of a topic; empty if it accepted them. */
  public Optional<String> problem() {
    return Stream.of(events, deadLetters)
        .flatMap(each -> each.outage.problem().stream())
        .findFirst();
  }

  private String reason(Throwable failure) {
    String reason = failure.getClass().getSimpleName() + ": " + failure.getMessage();
    return failure instanceof InvalidTimestampException
        ? reason
            + " (the clock of this worker says "
            + clock.instant()
            + "; it is off by more than message.timestamp.after.max.ms or before.max.ms of the"
            + " topic allow)"
        : reason;
  }
}
