package io.darkroom.kafka;

import io.darkroom.job.Problem;
import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

/**
 * Keeps the bytes of requests that were not accepted: key, value and headers as they came, and
 * {@code dl-*} headers that say why and where from.
 */
@Singleton
final class DeadLetters {
  private static final Logger LOG = Logger.getLogger(DeadLetters.class);
  private static final String PREFIX = "dl-";

  private final MutinyEmitter<byte[]> channel;
  private final KafkaSettings settings;
  private final Clock clock;

  @Inject
  DeadLetters(
      @Channel("dead-letters") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = 4096)
          MutinyEmitter<byte[]> channel,
      KafkaSettings settings,
      Clock clock) {
    this.channel = channel;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Publishes a record with what is wrong with it and waits until the broker has it; throws where
   * it does not take it. Only a record that has become too large by its headers goes without its
   * value, of which {@code dl-omitted-bytes} then gives the length: the original stands in its
   * topic.
   *
   * @param tries how often this worker settled it
   */
  void publish(ReceivedRecord record, Problem problem, int tries) {
    RecordHeaders headers = headers(record, problem, tries);
    byte[] key = record.record().key();
    try {
      Outgoing.await(channel, Outgoing.message(key, headers, record.body()));
    } catch (RecordTooLargeException e) {
      int length = record.body().length;
      LOG.warnf(
          "dead letter without value, it is too large source=%s bytes=%d", record.source(), length);
      add(headers, "omitted-bytes", length);
      Outgoing.await(channel, Outgoing.message(key, headers, new byte[0]));
    }
  }

  private RecordHeaders headers(ReceivedRecord record, Problem problem, int tries) {
    ConsumerRecord<byte[], byte[]> origin = record.record();
    RecordHeaders headers = new RecordHeaders();
    for (Header header : record.headers()) {
      // Those of an earlier time here are history.
      if (!header.key().startsWith(PREFIX)) {
        headers.add(header);
      }
    }
    add(headers, "class", problem.kind().wire());
    add(headers, "message", problem.message());
    add(headers, "topic", origin.topic());
    add(headers, "partition", origin.partition());
    add(headers, "offset", origin.offset());
    add(headers, "attempts", record.attempts() - 1 + tries);
    add(headers, "first-seen", record.received());
    add(headers, "last-seen", clock.instant());
    add(headers, "worker", settings.worker());
    return headers;
  }

  private static void add(RecordHeaders headers, String name, Object value) {
    headers.add(PREFIX + name, Outgoing.utf8(value.toString()));
  }
}
