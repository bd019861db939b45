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
 * Counts how often each record was begun, across the death of workers: a claim stands in a
 * compacted topic from before a render begins until its outcome is announced. A claim that a worker
 * finds for a record that it is given was left by one that ended meanwhile. Without the topic every
 * record counts as new. Safe for use by many threads.
 */
@Singleton
final class Attempts {
  private static final Logger LOG = Logger.getLogger(Attempts.class);
  private static final long PATIENCE_SECONDS = 10;

  private final AttemptTopic topic;
  private final KafkaSettings settings;
  private final Outage outage = new Outage("counting attempts", LOG::warn);
  private final Map<String, Attempt> open = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Future<?>> known = new ConcurrentHashMap<>();
  private volatile boolean dying;

  @Inject
  Attempts(@Identifier("default-kafka-broker") Map<String, Object> broker, KafkaSettings settings) {
    this.settings = settings;
    this.topic = new AttemptTopic(broker, settings.topics().attempts(), this::read);
  }

  /**
   * What a claim says.
   *
   * @param number of the attempt, 1 for the first
   * @param worker that began it
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

  /** Begins to read; once. */
  void start() {
    topic.start();
  }

  /**
   * Partitions are this worker's now: what others claimed there is read before records are begun.
   */
  void assigned(Collection<TopicPartition> partitions) {
    Future<?> caughtUp = topic.catchUp();
    partitions.forEach(each -> known.put(each, caughtUp));
  }

  /** How often a record was begun before; waits a little for what others wrote. */
  int before(ConsumerRecord<?, ?> record) throws InterruptedException {
    Future<?> caughtUp = known.get(new TopicPartition(record.topic(), record.partition()));
    try {
      if (caughtUp != null) {
        caughtUp.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      outage.failed("the topic is not read in time");
    }
    Attempt last = open.get(key(record));
    return last == null ? 0 : last.number();
  }

  /**
   * Writes a claim and waits until the broker has it; without it the render goes on all the same.
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

  /** The outcome of the record is announced. */
  void end(ConsumerRecord<?, ?> record) {
    open.remove(key(record));
    write(key(record), null);
  }

  /** The record is given back before it ended, and not because the worker died of it. */
  void release(ConsumerRecord<?, ?> record) {
    String key = key(record);
    Attempt last = open.get(key);
    if (!dying && last != null && last.worker().equals(settings.worker())) {
      boolean first = last.number() == 1;
      write(key, first ? null : new Attempt(last.number() - 1, last.worker()).bytes());
      open.remove(key);
    }
  }

  /** This worker ends by a fault: what it has begun counts, since it may be what it ends of. */
  void keepAll() {
    dying = true;
  }

  /** Waits until everything is with the broker that was written. */
  void flush() {
    topic.flush();
  }

  @PreDestroy
  void close() {
    topic.close();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a count that is too high by one does no harm
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
