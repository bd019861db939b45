package io.darkroom.kafka;

import io.darkroom.render.Outage;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
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
 *
 * <p>A worker that leaves the group finishes the renders that it has begun: it marks their claims,
 * and the next worker waits until they end. A record that ended is marked as done, because its
 * offset may be uncommitted: the next worker only acknowledges it.
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
  private final Set<String> endedSinceLeft = ConcurrentHashMap.newKeySet();
  private final LongSupplier nanoClock;
  private volatile boolean dying;
  private boolean left;

  @Inject
  Attempts(@Identifier("default-kafka-broker") Map<String, Object> broker, KafkaSettings settings) {
    this(broker, settings, System::nanoTime);
  }

  Attempts(Map<String, Object> broker, KafkaSettings settings, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.settings = settings;
    this.topic = new AttemptTopic(broker, settings.topics().attempts(), this::read);
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
   *
   * @return false if this worker has left the group: then the record must not begin
   */
  boolean begin(ConsumerRecord<?, ?> record, int number) throws InterruptedException {
    try {
      Optional<Future<?>> written = claim(key(record), number);
      return written.isPresent() && isWritten(written.get());
    } catch (KafkaException e) {
      outage.failed(String.valueOf(e.getMessage()));
      return true;
    }
  }

  /** Writes a claim, unless this worker has left the group. */
  private synchronized Optional<Future<?>> claim(String key, int number) {
    if (left) {
      return Optional.empty();
    }
    Attempt mine = Attempt.running(number, settings.worker());
    open.put(key, mine);
    return Optional.of(topic.write(key, mine.bytes()));
  }

  /** Waits until the broker has stored it. A failure is logged and does not stop the render. */
  private boolean isWritten(Future<?> written) throws InterruptedException {
    try {
      written.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      outage.worked();
    } catch (ExecutionException | TimeoutException e) {
      outage.failed(String.valueOf(e.getMessage()));
    }
    return true;
  }

  /** Deletes the claim, or marks it as done, after the outcome of the record is published. */
  synchronized void end(ConsumerRecord<?, ?> record) {
    String key = key(record);
    open.remove(key);
    if (left) {
      endedSinceLeft.add(key);
      markDone(key);
    } else {
      write(key, null);
    }
  }

  /**
   * Takes the claim back: this worker returns the record to the broker, and the record did not end
   * the worker.
   */
  synchronized void release(ConsumerRecord<?, ?> record) {
    String key = key(record);
    Attempt last = open.get(key);
    if (!dying && last != null && mine(last) && !endedSinceLeft.contains(key)) {
      boolean first = last.number() == 1;
      write(key, first ? null : last.withNumber(last.number() - 1).bytes());
      open.remove(key);
    }
  }

  /**
   * Marks the claim of a running render, because this worker leaves the group: the next worker
   * waits until the render ends. Records that end from now on are marked as done.
   *
   * @param most maximum time that the next worker waits
   * @return completed when the broker has stored the mark
   * @throws KafkaException if the topic does not take it
   */
  synchronized Future<?> leave(TopicPartition partition, long offset, Duration most) {
    left = true;
    String key = key(partition, offset);
    Attempt last = open.get(key);
    return last != null && mine(last)
        ? topic.write(key, last.leaving(most).bytes())
        : CompletableFuture.completedFuture(null);
  }

  /**
   * Marks a settled record that the next worker will receive, because its offset is uncommitted.
   */
  void done(TopicPartition partition, long offset) {
    markDone(key(partition, offset));
  }

  /**
   * Waits while a worker that has left the group still renders the record. Call {@link #before}
   * first: it reads the claims of other workers.
   *
   * @return whether that worker has published the outcome: then the record is only acknowledged
   */
  boolean settledByLeaver(ConsumerRecord<?, ?> record) throws InterruptedException {
    String key = key(record);
    Attempt last = awaitLeaver(key);
    boolean done = last != null && last.phase() == Attempt.Phase.DONE;
    if (done) {
      open.remove(key);
      write(key, null);
    }
    return done;
  }

  private @Nullable Attempt awaitLeaver(String key) throws InterruptedException {
    synchronized (open) {
      Attempt last = open.get(key);
      long end = nanoClock.getAsLong() + (last == null ? 0 : last.most().toNanos());
      long left = end - nanoClock.getAsLong();
      while (last != null && last.phase() == Attempt.Phase.LEAVING && left > 0) {
        TimeUnit.NANOSECONDS.timedWait(open, left);
        last = open.get(key);
        left = end - nanoClock.getAsLong();
      }
      return last;
    }
  }

  private void markDone(String key) {
    write(key, Attempt.done(settings.worker()).bytes());
  }

  private boolean mine(Attempt attempt) {
    return attempt.worker().equals(settings.worker());
  }

  /** This worker ends by a fault: what it has begun counts, since it may be what it ends of. */
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
    synchronized (open) {
      Attempt.parse(value).ifPresentOrElse(each -> open.put(key, each), () -> open.remove(key));
      open.notifyAll();
    }
  }

  private static String key(ConsumerRecord<?, ?> record) {
    return key(new TopicPartition(record.topic(), record.partition()), record.offset());
  }

  private static String key(TopicPartition partition, long offset) {
    return partition.topic() + "/" + partition.partition() + "/" + offset;
  }
}
