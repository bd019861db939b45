package io.darkroom.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Publishes complete records to any topic. Safe for use by many threads. */
final class RecordProducer implements AutoCloseable {
  private static final Duration CLOSE = Duration.ofSeconds(2);

  /** Larger than the broker's limit, because a record of maximum size gets more headers. */
  private static final int LARGEST = 1 << 24;

  private static final int TIMEOUT_MILLIS = 20_000;

  private final KafkaProducer<byte[], byte[]> producer;

  /**
   * @param broker settings of all clients of the broker; settings that are only for other clients
   *     are ignored
   */
  RecordProducer(Map<String, Object> broker, String clientId) {
    Map<String, Object> config = new HashMap<>(broker);
    config.keySet().retainAll(ProducerConfig.configNames());
    config.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST);
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip");
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MILLIS);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS / 2);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Publishes a record and waits until the broker has stored it.
   *
   * @throws KafkaException if the broker does not accept it
   */
  void send(ProducerRecord<byte[], byte[]> record) throws InterruptedException {
    try {
      producer.send(record).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException refused
          ? refused
          : new KafkaException(String.valueOf(e.getCause()), e);
    }
  }

  @Override
  public void close() {
    producer.close(CLOSE);
  }
}
