package io.darkroom.kafka;

import io.darkroom.render.Lease;
import io.darkroom.render.Outage;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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
 * <p>If a partition moves to another worker, the old worker finishes the renders that it has begun.
 * It marks their claims and renews the marks. The next worker waits until these renders end, or
 * until their marks are no longer renewed. When such a render ends, its record is marked as done,
 * because its offset may be uncommitted; the next worker only acknowledges the record.
 */
@Singleton
final class Attempts {
  private static final Logger LOG = Logger.getLogger(Attempts.class);
  private static final long TIMEOUT_SECONDS = 10;

  private final AttemptTopic topic;
  private final KafkaSettings settings;
  private final Outage outage;
  private final Map<String, Attempt> open = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Future<Boolean>> caughtUp = new ConcurrentHashMap<>();
  private final Map<String, Long> leaseEnds = new HashMap<>();

  /** Records of this worker whose partition has moved, until they end. */
  private final Set<String> handedOver = new HashSet<>();

  /** Records that ended after the hand-over, until their mark is read from the topic. */
  private final Set<String> endedAfterHandOver = ConcurrentHashMap.newKeySet();

  private final SettledRecords settledHere = new SettledRecords();
  private final NewPartitions newPartitions;
  private final LongSupplier nanoClock;
  private volatile boolean keepsClaims;

  @Inject
  Attempts(
      @Identifier("default-kafka-broker") Map<String, Object> broker,
      KafkaSettings settings,
      LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.settings = settings;
    this.newPartitions = new NewPartitions(nanoClock);
    this.outage = new Outage("counting attempts", LOG::warn, nanoClock);
    this.topic = new AttemptTopic(broker, settings, this::read, nanoClock);
  }

  /** Starts reading. Call it once. */
  void start() {
    topic.start();
  }

  /**
   * Starts to read the claims of other workers for newly assigned partitions. {@link
   * #earlierAttempts} waits for the result.
   */
  void assigned(Collection<TopicPartition> partitions) {
    Future<Boolean> current = topic.catchUp();
    partitions.forEach(each -> caughtUp.put(each, current));
    newPartitions.assigned(partitions);
  }

  /** Notes that this worker has received a record. Call it in the order of each partition. */
  void received(ConsumerRecord<?, ?> record) {
    newPartitions.received(record);
  }

  /**
   * Returns the number of earlier attempts of a record. Blocks for at most ten seconds until the
   * claims of other workers are read. Deliveries that a worker returned without an outcome do not
   * count as attempts.
   */
  int earlierAttempts(ConsumerRecord<?, ?> record) throws InterruptedException {
    int delivered = record.deliveryCount().map(count -> count - 1).orElse(0);
    boolean counted = record.deliveryCount().isPresent();
    if (counted && delivered == 0) {
      return 0;
    }
    Future<Boolean> read =
        counted
            ? topic.catchUp()
            : caughtUp.get(new TopicPartition(record.topic(), record.partition()));
    boolean complete = read != null && await(read);
    Attempt last = open.get(key(record));
    int begun = last == null ? 0 : last.number();
    return complete ? begun : Math.max(begun, delivered);
  }

  private boolean await(Future<Boolean> read) throws InterruptedException {
    try {
      return read.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      outage.failed("the topic is not read in time");
      return false;
    }
  }

  /**
   * Writes a claim and waits until the broker has stored it. If that fails, the failure is logged,
   * and the render begins anyway.
   */
  void begin(ConsumerRecord<?, ?> record, int number) throws InterruptedException {
    try {
      claim(key(record), number).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      outage.worked();
    } catch (KafkaException | ExecutionException | TimeoutException e) {
      outage.failed(e.getMessage() == null ? "the broker does not answer" : e.getMessage());
    }
  }

  private synchronized Future<?> claim(String key, int number) {
    Attempt mine = Attempt.running(number, settings.worker());
    open.put(key, mine);
    wake();
    handedOver.remove(key);
    endedAfterHandOver.remove(key);
    return topic.write(key, mine.bytes());
  }

  /** Deletes the claim, or marks it as done, after the outcome of the record is published. */
  synchronized void end(ConsumerRecord<?, ?> record) {
    String key = key(record);
    settledHere.add(record);
    open.remove(key);
    if (handedOver.remove(key)) {
      endedAfterHandOver.add(key);
      markDone(key);
    } else {
      write(key, null);
    }
  }

  /**
   * Withdraws the claim: this worker returns the record to the broker, and the attempt does not
   * count.
   */
  synchronized void release(ConsumerRecord<?, ?> record) {
    String key = key(record);
    handedOver.remove(key);
    Optional<Attempt> mine = keepsClaims ? Optional.empty() : ownAttempt(key);
    if (mine.isPresent()) {
      int before = mine.get().number() - 1;
      write(key, before == 0 ? null : mine.get().withNumber(before).bytes());
      open.remove(key);
    }
  }

  /**
   * Marks the claim of a running render whose partition moves, or renews the mark: the next worker
   * waits until the render ends. If the record ends after this call, it is marked as done.
   *
   * @param lease how long the next worker waits before it expects another mark
   * @return a future that completes when the broker has stored the mark; empty if this worker does
   *     not render the record
   * @throws KafkaException if the mark cannot be written
   */
  synchronized Optional<CompletableFuture<Boolean>> handOver(
      TopicPartition partition, long offset, Duration lease) {
    String key = key(partition, offset);
    Optional<Attempt> mine = ownAttempt(key);
    mine.ifPresent(open -> handedOver.add(key));
    return mine.map(open -> topic.write(key, open.leaving(lease).bytes()));
  }

  /**
   * Cancels a hand-over: the partition stays with this worker, and the claim is deleted when the
   * record ends.
   */
  synchronized void takeBack(TopicPartition partition, long offset) {
    handedOver.remove(key(partition, offset));
  }

  /**
   * Deletes the mark of a record that ended after {@link #handOver}, but before its partition
   * moved: the next worker does not receive it.
   */
  synchronized void deleteMarkIfEnded(ConsumerRecord<?, ?> record) {
    String key = key(record);
    Attempt last = open.get(key);
    if (endedAfterHandOver.contains(key) || (last != null && last.phase() == Attempt.Phase.DONE)) {
      deleteMark(record);
    }
  }

  /** Returns the attempt that this worker has begun and not ended. */
  private Optional<Attempt> ownAttempt(String key) {
    return Optional.ofNullable(open.get(key))
        .filter(last -> last.worker().equals(settings.worker()))
        .filter(last -> last.phase() != Attempt.Phase.DONE && !endedAfterHandOver.contains(key));
  }

  /**
   * Marks a settled record that the next worker will receive, because its offset is uncommitted.
   */
  void markDone(TopicPartition partition, long offset) {
    markDone(key(partition, offset));
  }

  /**
   * Returns whether the previous worker has published the outcome of a record; if so, acknowledge
   * the record and call {@link #deleteMark}. Waits while that worker still renders a record whose
   * partition has moved. Returns early if this worker loses the record. Call {@link
   * #earlierAttempts} first, because it reads the claims of other workers.
   *
   * @param lease lease of this worker on the record
   */
  boolean awaitSettled(ConsumerRecord<?, ?> record, Lease lease) throws InterruptedException {
    String key = key(record);
    lease.onLost(this::wake);
    synchronized (open) {
      await(() -> leaseLeft(key), lease);
      Attempt last = open.get(key);
      return last != null && last.phase() == Attempt.Phase.DONE;
    }
  }

  /**
   * Lets the records that dead workers had begun begin before a new record: waits until they have
   * begun, at most one second after this worker was assigned a partition. Returns early if this
   * worker loses the record. Call {@link #awaitSettled} first.
   */
  void awaitRecordsOfDeadWorkers(Lease lease) throws InterruptedException {
    await(
        () -> open.entrySet().stream().anyMatch(this::mayReceive) ? newPartitions.nanosLeft() : 0,
        lease);
  }

  /** Waits until no nanoseconds are left; asks again after each change of a claim. */
  private void await(LongSupplier left, Lease lease) throws InterruptedException {
    synchronized (open) {
      for (long nanos = left.getAsLong(); nanos > 0 && !lease.lost(); nanos = left.getAsLong()) {
        TimeUnit.NANOSECONDS.timedWait(open, nanos);
      }
    }
  }

  /** Returns whether a claim is that of a dead worker whose record this worker may receive soon. */
  private boolean mayReceive(Map.Entry<String, Attempt> claim) {
    Attempt last = claim.getValue();
    return last.phase() == Attempt.Phase.RUNNING
        && !last.worker().equals(settings.worker())
        && newPartitions.mayReceive(claim.getKey());
  }

  /**
   * Returns whether this worker has published the outcome of a record that is delivered again; if
   * so, acknowledge the record and call {@link #deleteMark}.
   */
  boolean settledHere(ConsumerRecord<?, ?> record) {
    return settledHere.contains(record);
  }

  private void wake() {
    synchronized (open) {
      open.notifyAll();
    }
  }

  private long leaseLeft(String key) {
    Long end = leaseEnds.get(key);
    return end == null ? 0 : end - nanoClock.getAsLong();
  }

  /** Deletes the mark of a record that is settled. */
  void deleteMark(ConsumerRecord<?, ?> record) {
    String key = key(record);
    open.remove(key);
    write(key, null);
  }

  private void markDone(String key) {
    write(key, Attempt.done(settings.worker()).bytes());
  }

  /**
   * Keeps all claims of this worker, because it ends after a fatal error that one of its records
   * may have caused.
   */
  void keepClaims() {
    keepsClaims = true;
  }

  /** Waits until the broker has stored all writes. */
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
    Optional<Attempt> read = Attempt.parse(value);
    synchronized (open) {
      read.ifPresentOrElse(each -> open.put(key, each), () -> open.remove(key));
      leaseEnds.remove(key);
      read.filter(each -> each.phase() == Attempt.Phase.LEAVING)
          .ifPresent(each -> leaseEnds.put(key, nanoClock.getAsLong() + each.most().toNanos()));
      open.notifyAll();
    }
    if (read.isEmpty() || read.get().phase() == Attempt.Phase.DONE) {
      endedAfterHandOver.remove(key);
    }
  }

  private static String key(ConsumerRecord<?, ?> record) {
    return key(new TopicPartition(record.topic(), record.partition()), record.offset());
  }

  private static String key(TopicPartition partition, long offset) {
    return partition.topic() + "/" + partition.partition() + "/" + offset;
  }
}
