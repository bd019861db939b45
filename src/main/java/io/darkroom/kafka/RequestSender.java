package io.darkroom.kafka;

import io.darkroom.json.JsonTree;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Publishes requests and cancellations. Safe for use by many threads. */
public final class RequestSender implements AutoCloseable {
  private static final String CLIENT = "darkroom-console";

  private final TopicNames topics;
  private final RecordProducer producer;

  /**
   * Connects to a broker.
   *
   * @param broker settings of all clients of the broker
   * @throws KafkaException if the settings are not usable
   */
  public RequestSender(Map<String, Object> broker, TopicNames topics) {
    this.topics = topics;
    this.producer = new RecordProducer(broker, CLIENT);
  }

  /**
   * Publishes a request to the first configured topic of requests, and waits until the broker has
   * stored it.
   *
   * @param body the request, JSON in UTF-8
   * @throws KafkaException if the broker does not accept it
   */
  public void request(String id, byte[] body) throws InterruptedException {
    send(topics.requests().get(0), id, body);
  }

  /**
   * Cancels a request, and waits until the broker has stored the cancellation.
   *
   * @throws KafkaException if the broker does not accept it
   */
  public void cancel(String id) throws InterruptedException {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("request_id", id);
    message.put("action", "cancel");
    send(topics.control(), id, JsonTree.write(message));
  }

  private void send(String topic, String id, byte[] body) throws InterruptedException {
    RecordHeaders headers = new RecordHeaders();
    headers.add("content-type", Outgoing.utf8("application/json"));
    producer.send(new ProducerRecord<>(topic, null, Outgoing.utf8(id), body, headers));
  }

  @Override
  public void close() {
    producer.close();
  }
}
