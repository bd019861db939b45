package io.darkroom.kafka;

import io.darkroom.render.Outage;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Counts the attempts of each record, including those of workers that died. Before a render begins,
 * the worker writes a claim to a compacted topic; it deletes the claim after it has published the
 * outcome. If a worker receives a record and finds a claim for it, then the worker that wrote the
 * claim ended before the outcome. If the topic does not exist, every record counts as new. Safe for
 * use by many threads.
 */
@Singleton
final class Attempts {
  private static final Logger LOG = Logger.getLogger(Attempts.class);
  private static final long PATIENCE_SECONDS = 10;

  private final AttemptTopic topic;
  private final KafkaSettings settings;
  private final Outage outage = new Outage("counting attempts", LOG::warn);
  private final Map<String, Attempt> open = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Future<Boolean>> known = new ConcurrentHashMap<>();
  private volatile boolean dying;

  @Inject
  Attempts(@Identifier("default-kafka-broker") Map<String, Object> broker, KafkaSettings settings) {
    this.settings = settings;
    this.topic = new AttemptTopic(broker, settings.topics().attempts(), this::read);
  }

  /**
   * The content of a claim.
   *
   * @param number number of the attempt, 1 for the first
   * @param worker the worker that began the attempt
   */
  record Attempt(int number, String worker) {
    static Optional<Attempt> parse(byte @Nullable [] value) {
      if (value == null) {
        return Optional.empty();
      }
      String[] words = new String(value, StandardCharsets.UTF_8).split(" ", 2);
      return words.length == 2 && words[0].matches("[1-9][0-9]{0,8}")
          ? Optional.of(new Attempt(Integer.parseInt(words[0]), words[1]))
          : Optional.empty();
    }

    byte[] bytes() {
      return Outgoing.utf8(number + " " + worker);
    }
  }

  /** Starts reading. Call it once. */
  void start() {
    topic.start();
  }

  /**
   * Reads the claims of other workers for newly assigned partitions, before their records are
   * begun.
   */
  void assigned(Collection<TopicPartition> partitions) {
    Future<Boolean> caughtUp = topic.catchUp();
    partitions.forEach(each -> known.put(each, caughtUp));
  }

  /**
   * Number of earlier attempts of a record. Blocks for at most ten seconds until the claims of
   * other workers are read. Deliveries that a worker returned without an outcome do not count as
   * attempts.
   */
  int before(ConsumerRecord<?, ?> record) throws InterruptedException {
    int delivered = record.deliveryCount().map(count -> count - 1).orElse(0);
    boolean counted = record.deliveryCount().isPresent();
    if (counted && delivered == 0) {
      return 0;
    }
    Future<Boolean> read =
        counted
            ? topic.catchUp()
            : known.get(new TopicPartition(record.topic(), record.partition()));
    boolean complete = read != null && await(read);
    Attempt last = open.get(key(record));
    int begun = last == null ? 0 : last.number();
    return complete ? begun : Math.max(begun, delivered);
  }

  private boolean await(Future<Boolean> read) throws InterruptedException {
    try {
      return read.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      outage.failed("the topic is not read in time");
      return false;
    }
  }

  /**
   * Writes a claim and waits until the broker has stored it. If that fails, the render begins
   * anyway.
   */
  void begin(ConsumerRecord<?, ?> record, int number) throws InterruptedException {
    Attempt mine = new Attempt(number, settings.worker());
    open.put(key(record), mine);
    try {
      topic.write(key(record), mine.bytes()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      outage.worked();
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      outage.failed(String.valueOf(e.getMessage()));
    }
  }

  /** Deletes the claim after the outcome of the record is published. */
  void end(ConsumerRecord<?, ?> record) {
    open.remove(key(record));
    write(key(record), null);
  }

  /**
   * Takes the claim back: this worker returns the record to the broker, and the record did not end
   * the worker.
   */
  void release(ConsumerRecord<?, ?> record) {
    String key = key(record);
    Attempt last = open.get(key);
    if (!dying && last != null && last.worker().equals(settings.worker())) {
      boolean first = last.number() == 1;
      write(key, first ? null : new Attempt(last.number() - 1, last.worker()).bytes());
      open.remove(key);
    }
  }

  /**
   * Keeps all claims: the worker ends because of a fault, and one of its records may be the cause.
   */
  void keepAll() {
    dying = true;
  }

  /** Waits until the broker has stored everything that was written. */
  void flush() {
    topic.flush();
  }

  @PreDestroy
  void close() {
    topic.close();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // at worst the count is one too high
  private void write(String key, byte @Nullable [] value) {
    try {
      topic.write(key, value);
    } catch (KafkaException e) {
      outage.failed(String.valueOf(e.getMessage()));
    }
  }

  private void read(String key, byte @Nullable [] value) {
    Attempt.parse(value).ifPresentOrElse(each -> open.put(key, each), () -> open.remove(key));
  }

  private static String key(ConsumerRecord<?, ?> record) {
    return record.topic() + "/" + record.partition() + "/" + record.offset();
  }
}
