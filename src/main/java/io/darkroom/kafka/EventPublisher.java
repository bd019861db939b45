package io.darkroom.kafka;

import io.darkroom.job.ErrorClass;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.json.CloudEvent;
import io.darkroom.json.EventCodec;
import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

/** Publishes the terminal events of requests. */
@Singleton
final class EventPublisher {
  private static final Logger LOG = Logger.getLogger(EventPublisher.class);

  private final MutinyEmitter<byte[]> channel;
  private final EventCodec codec;
  private final KafkaSettings settings;
  private final Publishing.Topic topic;
  private final Clock clock;

  @Inject
  EventPublisher(
      @Channel("events") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = 4096)
          MutinyEmitter<byte[]> channel,
      EventCodec codec,
      KafkaSettings settings,
      Publishing publishing,
      Clock clock) {
    this.channel = channel;
    this.codec = codec;
    this.settings = settings;
    this.topic = publishing.events();
    this.clock = clock;
  }

  /**
   * Publishes the terminal event of a record's request and waits until the broker has stored it;
   * throws if the broker refuses it. If the event is larger than the topic allows, a failed event
   * with that reason is published instead, because each request must have an outcome.
   *
   * @param traceContext trace headers of the event, by name
   */
  void publish(ReceivedRecord record, RenderOutcome outcome, Map<String, String> traceContext) {
    try {
      send(record, outcome, traceContext);
    } catch (RecordTooLargeException e) {
      LOG.errorf("event too large source=%s id=%s", record.source(), outcome.subject());
      send(record, tooLarge(outcome), traceContext);
    }
  }

  private void send(
      ReceivedRecord record, RenderOutcome outcome, Map<String, String> traceContext) {
    CloudEvent event = codec.terminal(outcome, record.deliveries(), clock.instant());
    Headers headers = Outgoing.headers(traceContext, settings.worker());
    Outgoing.await(channel, Outgoing.message(event, headers), topic);
  }

  private static RenderOutcome tooLarge(RenderOutcome outcome) {
    String message = "the terminal event of this request is larger than its topic allows";
    Problem problem = Problem.of(ErrorClass.INTERNAL, message);
    return new RenderOutcome.Failed(outcome.subject(), outcome.requestSha256(), problem);
  }
}
