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
    OutgoingKafkaRecordMetadata<?> metadata =
        message.getMetadata(OutgoingKafkaRecordMetadata.class).orElseThrow();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic, null, (byte[]) metadata.getKey(), message.getPayload(), metadata.getHeaders());
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

  @Deprecated
  @Override
  public <M extends Message<? extends byte[]>> void send(M message) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Uni<Void> send(byte[] payload) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sendAndAwait(byte[] payload) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Cancellable sendAndForget(byte[] payload) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <M extends Message<? extends byte[]>> void sendMessageAndAwait(M message) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <M extends Message<? extends byte[]>> Cancellable sendMessageAndForget(M message) {
    throw new UnsupportedOperationException();
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
