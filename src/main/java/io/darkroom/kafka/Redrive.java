package io.darkroom.kafka;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Publishes dead letters to the topic of requests again. Each one is then marked in its topic, so
 * that a later call does not publish it again. Blocks; used by one thread.
 */
public final class Redrive implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final String CLIENT = "darkroom-redrive";

  private final Map<String, Object> broker;
  private final TopicNames topics;
  private final LongSupplier nanoClock;
  private final RecordProducer producer;

  /**
   * Connects to a broker.
   *
   * @param broker settings of all clients of the broker
   * @throws KafkaException if the settings are not usable
   */
  public Redrive(Map<String, Object> broker, TopicNames topics, LongSupplier nanoClock) {
    this.broker = broker;
    this.topics = topics;
    this.nanoClock = nanoClock;
    this.producer = new RecordProducer(broker, CLIENT);
  }

  /** Receives dead letters one by one. */
  @FunctionalInterface
  public interface Reader {
    /** Called on the thread that reads. */
    void take(DeadLetter letter) throws InterruptedException;
  }

  /**
   * Reads all dead letters of requests, each partition in order.
   *
   * @throws KafkaException if the topic does not exist or cannot be read
   */
  public void read(Reader reader) throws InterruptedException {
    Set<String> marked = new HashSet<>();
    forEach(letter -> DeadLetter.marked(letter.record()).ifPresent(marked::add));
    forEach(
        letter -> {
          if (DeadLetter.marked(letter.record()).isEmpty()
              && topics.requests().contains(letter.topic())) {
            boolean redriven = marked.contains(DeadLetter.place(letter.record()));
            reader.take(new DeadLetter(letter.record(), redriven));
          }
        });
  }

  /**
   * Publishes the request of a dead letter again, and marks the dead letter. If the process ends
   * between the two, the next call publishes it once more.
   *
   * @throws KafkaException if the broker does not accept it
   */
  public void send(DeadLetter letter) throws InterruptedException {
    producer.send(letter.request());
    producer.send(letter.mark());
  }

  private void forEach(Reader reader) throws InterruptedException {
    try (KafkaConsumer<byte[], byte[]> consumer =
        WholeTopic.consumer(broker, CLIENT, "read_committed")) {
      WholeTopic topic = new WholeTopic(consumer, topics.deadLetters(), nanoClock);
      if (!topic.find()) {
        throw new UnknownTopicOrPartitionException(topics.deadLetters() + ": does not exist");
      }
      while (!topic.upToDate()) {
        for (ConsumerRecord<byte[], byte[]> record : topic.poll(POLL)) {
          reader.take(new DeadLetter(record, false));
        }
      }
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
