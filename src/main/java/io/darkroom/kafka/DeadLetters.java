package io.darkroom.kafka;

import io.darkroom.job.Problem;
import io.darkroom.job.Violation;
import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Publishes dead letters. A dead letter has the original key, value and headers of a record that
 * was rejected or given up, and {@code dl-*} headers with the reason and the origin.
 */
@Singleton
final class DeadLetters {
  private static final Logger LOG = Logger.getLogger(DeadLetters.class);

  /** Names of the headers of a dead letter begin with this. */
  static final String PREFIX = "dl-";

  private static final int MOST_VIOLATIONS = 20;
  private static final int LONGEST_MESSAGE = 200;

  private final MutinyEmitter<byte[]> channel;
  private final KafkaSettings settings;
  private final Publishing.Topic topic;
  private final Clock clock;

  @Inject
  DeadLetters(
      @Channel("dead-letters") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = 4096)
          MutinyEmitter<byte[]> channel,
      KafkaSettings settings,
      Publishing publishing,
      Clock clock) {
    this.channel = channel;
    this.settings = settings;
    this.topic = publishing.deadLetters();
    this.clock = clock;
  }

  /**
   * Publishes the dead letter of a record and waits until the broker has stored it; throws if the
   * broker refuses it. If the headers make the dead letter too large, it is published without the
   * record's own headers, then without its value; {@code dl-omitted-headers} and {@code
   * dl-omitted-bytes} give the number and the length of what was left out. If the topic refuses
   * records without a key, the key is the source of the record.
   *
   * @param tries number of tries of this worker to settle the record
   */
  void publish(ReceivedRecord record, Problem problem, int tries) {
    try {
      send(record, headers(record, problem, tries), record.body());
    } catch (RecordTooLargeException e) {
      publishWithoutHeaders(record, problem, tries);
    }
  }

  private void publishWithoutHeaders(ReceivedRecord record, Problem problem, int tries) {
    RecordHeaders headers = new RecordHeaders();
    addReason(headers, record, shortened(problem), tries);
    add(headers, "omitted-headers", record.headers().toArray().length);
    try {
      send(record, headers, record.body());
      return;
    } catch (RecordTooLargeException e) {
      int length = record.body().length;
      LOG.warnf(
          "dead letter without value, it is too large source=%s bytes=%d", record.source(), length);
      add(headers, "omitted-bytes", length);
    }
    send(record, headers, new byte[0]);
  }

  private void send(ReceivedRecord record, RecordHeaders headers, byte[] body) {
    byte @Nullable [] key = record.record().key();
    try {
      Outgoing.await(channel, Outgoing.message(key, headers, body), topic);
    } catch (InvalidRecordException e) {
      if (key != null) {
        throw e;
      }
      byte[] source = Outgoing.utf8(record.source());
      Outgoing.await(channel, Outgoing.message(source, headers, body), topic);
    }
  }

  private static Problem shortened(Problem problem) {
    String message = problem.message();
    int end = Math.min(message.length(), LONGEST_MESSAGE);
    return Problem.of(problem.kind(), message.substring(0, end));
  }

  private RecordHeaders headers(ReceivedRecord record, Problem problem, int tries) {
    RecordHeaders headers = new RecordHeaders();
    for (Header header : record.headers()) {
      // Headers of an earlier dead letter of the same record are replaced.
      if (!header.key().startsWith(PREFIX)) {
        headers.add(header);
      }
    }
    addReason(headers, record, problem, tries);
    return headers;
  }

  private void addReason(RecordHeaders headers, ReceivedRecord record, Problem problem, int tries) {
    ConsumerRecord<byte[], byte[]> origin = record.record();
    add(headers, "class", problem.kind().wire());
    add(headers, "message", problem.message());
    if (!problem.violations().isEmpty()) {
      add(headers, "violations", lines(problem.violations()));
    }
    add(headers, "topic", origin.topic());
    add(headers, "partition", origin.partition());
    add(headers, "offset", origin.offset());
    add(headers, "attempts", record.attempts() - 1 + record.history().tries() + tries);
    add(headers, "first-seen", record.history().firstSeen().orElse(record.received()));
    add(headers, "last-seen", clock.instant());
    add(headers, "worker", settings.worker());
  }

  /** Returns one line for each violation: the JSON pointer and the message. */
  private static String lines(List<Violation> violations) {
    return violations.stream()
        .limit(MOST_VIOLATIONS)
        .map(each -> each.pointer() + ": " + each.message())
        .collect(Collectors.joining("\n"));
  }

  private static void add(RecordHeaders headers, String name, Object value) {
    headers.add(PREFIX + name, Outgoing.utf8(value.toString()));
  }
}
