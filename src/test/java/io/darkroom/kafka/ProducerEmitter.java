package io.darkroom.kafka;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.reactive.messaging.Message;

/** An outgoing channel without the connector: sends to a topic of a real broker. */
final class ProducerEmitter implements MutinyEmitter<byte[]>, AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;

  ProducerEmitter(Map<String, Object> client, String topic) {
    this.producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    this.topic = topic;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the callback completes the result
  public <M extends Message<? extends byte[]>> Uni<Void> sendMessage(M message) {
    ProducerRecord<byte[], byte[]> record =
        message
            .getMetadata(OutgoingKafkaRecordMetadata.class)
            .map(data -> record(data, message.getPayload()))
            .orElseGet(() -> new ProducerRecord<>(topic, message.getPayload()));
    CompletableFuture<Void> sent = new CompletableFuture<>();
    producer.send(
        record,
        (written, failure) -> {
          if (failure == null) {
            sent.complete(null);
          } else {
            sent.completeExceptionally(failure);
          }
        });
    return Uni.createFrom().completionStage(sent);
  }

  private ProducerRecord<byte[], byte[]> record(
      OutgoingKafkaRecordMetadata<?> metadata, byte[] payload) {
    byte[] key = (byte[]) metadata.getKey();
    return new ProducerRecord<>(topic, null, key, payload, metadata.getHeaders());
  }

  @Deprecated
  @Override
  @SuppressWarnings("InlineMeSuggester") // the interface has deprecated it, not this class
  public <M extends Message<? extends byte[]>> void send(M message) {
    sendMessageAndAwait(message);
  }

  @Override
  public Uni<Void> send(byte[] payload) {
    return sendMessage(Message.of(payload));
  }

  @Override
  public void sendAndAwait(byte[] payload) {
    send(payload).await().indefinitely();
  }

  @Override
  public Cancellable sendAndForget(byte[] payload) {
    return sendMessageAndForget(Message.of(payload));
  }

  @Override
  public <M extends Message<? extends byte[]>> void sendMessageAndAwait(M message) {
    sendMessage(message).await().indefinitely();
  }

  @Override
  public <M extends Message<? extends byte[]>> Cancellable sendMessageAndForget(M message) {
    return sendMessage(message).subscribe().with(sent -> {});
  }

  @Override
  public void complete() {
    close();
  }

  @Override
  public void error(Exception failure) {
    close();
  }

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public boolean hasRequests() {
    return true;
  }

  @Override
  public void close() {
    producer.close();
  }
}
