package io.darkroom.kafka;

import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.jspecify.annotations.Nullable;

/** Records on their way out. */
final class Outgoing {
  /** Longer than the producer itself tries. */
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  private Outgoing() {}

  /** A message for an outgoing channel. */
  static Message<byte[]> message(byte @Nullable [] key, Headers headers, byte[] body) {
    var metadata =
        OutgoingKafkaRecordMetadata.<byte[]>builder().withHeaders(new RecordHeaders(headers));
    return Message.of(
        body, Metadata.of(key == null ? metadata.build() : metadata.withKey(key).build()));
  }

  /** A CloudEvent in binary mode, its key the subject. */
  static Message<byte[]> message(Events.Event event, Headers more) {
    RecordHeaders headers = new RecordHeaders();
    event
        .attributes()
        .forEach(
            (name, value) -> {
              boolean type = name.equals("datacontenttype");
              headers.add(type ? "content-type" : "ce_" + name, utf8(value));
            });
    more.forEach(headers::add);
    String subject = event.attributes().get("subject");
    return message(subject == null ? null : utf8(subject), headers, event.data().array());
  }

  /** Sends, and waits until the broker has it; throws what kept the broker from it. */
  static void await(MutinyEmitter<byte[]> channel, Message<byte[]> message) {
    channel.sendMessage(message).await().atMost(PATIENCE);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
