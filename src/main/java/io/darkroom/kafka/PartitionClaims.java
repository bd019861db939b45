package io.darkroom.kafka;

import io.darkroom.text.Printable;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The claims of this worker on records, by partition. When a partition moves to another worker,
 * records that have not begun are dropped at once. Running renders are handed over: they continue,
 * and the next worker waits for them ({@link HandOver}). If the marks cannot be written to the
 * topic of attempts, the callback waits for the renders instead. Renders that are not finished in
 * time are lost. If a partition was lost without a revocation, all its renders are lost, because
 * another worker may already have the partition. Only the new worker publishes an event for a lost
 * record. Safe for use by many threads; the rebalance callbacks run on the consumer's polling
 * thread.
 */
@Singleton
@Identifier("requests")
final class PartitionClaims implements KafkaConsumerRebalanceListener {
  private static final Logger LOG = Logger.getLogger(PartitionClaims.class);

  /** Less than {@code max.poll.interval.ms}, which is five minutes. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final Map<TopicPartition, Held> partitions = new HashMap<>();
  private final Attempts attempts;
  private final LongSupplier nanoClock;
  private final HandOver handOver;
  private volatile Duration longestHandOver;
  private volatile boolean leaving;

  @Inject
  PartitionClaims(KafkaSettings settings, Attempts attempts, LongSupplier nanoClock) {
    this.longestHandOver = settings.handover();
    this.attempts = attempts;
    this.nanoClock = nanoClock;
    this.handOver = new HandOver(attempts, nanoClock);
  }

  @PreDestroy
  void close() {
    handOver.close();
  }

  /** The unacknowledged records of one partition, and the offset after the last received record. */
  private static final class Held {
    private final TreeMap<Long, Claim> claims = new TreeMap<>();

    /**
     * Settled records with an unsettled record before them. The next worker receives them again.
     */
    private final TreeSet<Long> settled = new TreeSet<>();

    private long next;

    long commit() {
      return claims.isEmpty() ? next : claims.firstKey();
    }

    /** Marks a record as settled. Returns whether it was in this partition. */
    boolean settled(long offset, Claim claim) {
      boolean removed = claims.remove(offset, claim);
      if (removed) {
        settled.add(offset);
        settled.headSet(commit()).clear();
      }
      return removed;
    }
  }

  /** Creates the claim for a record; the claim is lost if the record's partition has moved. */
  synchronized Claim take(ConsumerRecord<?, ?> record) {
    Held held = partitions.get(partition(record));
    if (held == null) {
      return Claim.alreadyLost();
    }
    Claim claim = Claim.held(nanoClock);
    held.claims.put(record.offset(), claim);
    held.next = record.offset() + 1;
    attempts.received(record);
    return claim;
  }

  /** Ends the claim of a record whose event is published. */
  synchronized void settled(ConsumerRecord<?, ?> record, Claim claim) {
    claim.end();
    Held held = partitions.get(partition(record));
    if (held != null && held.settled(record.offset(), claim)) {
      attempts.deleteMarkIfEnded(record);
    }
  }

  /** Loses all records that have not ended. */
  void loseAll() {
    List<Claim> open = new ArrayList<>();
    synchronized (this) {
      partitions.values().forEach(held -> open.addAll(held.claims.values()));
    }
    open.forEach(Claim::lose);
    handOver.loseAll();
    attempts.flush();
  }

  /**
   * Prepares for leaving the group. Records that have not begun are dropped. Running renders are
   * handed over.
   *
   * @param most maximum time that they may continue
   * @return false if the marks could not be written; then the worker must not leave the group yet
   */
  boolean leave(Duration most) {
    leaving = handOver.begin(dropQueued(assigned()), most);
    return leaving;
  }

  private synchronized List<TopicPartition> assigned() {
    return List.copyOf(partitions.keySet());
  }

  /** From now on, revocation of partitions does not wait for running renders. */
  void stopWaiting() {
    longestHandOver = Duration.ZERO;
  }

  @Override
  public synchronized void onPartitionsAssigned(
      Consumer<?, ?> consumer, Collection<TopicPartition> assigned) {
    for (TopicPartition partition : assigned) {
      // If the partition is still in the map, it was lost without a call of onPartitionsRevoked.
      lose(partitions.put(partition, new Held()));
    }
    attempts.assigned(assigned);
  }

  @Override
  public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> revoked) {
    List<HandOver.Held> running = dropQueued(revoked);
    int lost = leaving ? 0 : handOverOrAwait(consumer, running);
    commit(consumer, removePartitions(revoked, running));
    attempts.flush();
    if (!running.isEmpty()) {
      LOG.infof(
          "partitions revoked partitions=%s running=%d lost=%d", revoked, running.size(), lost);
    }
  }

  /** Hands running renders over, or waits for their end. Returns the number of lost renders. */
  private int handOverOrAwait(Consumer<?, ?> consumer, List<HandOver.Held> running) {
    boolean lost = consumer.groupMetadata().generationId() < 0;
    if (lost) {
      running.forEach(each -> each.claim().lose());
    } else if (!handOver.begin(running, longestHandOver)) {
      await(running);
    }
    return (int) running.stream().filter(each -> each.claim().lost()).count();
  }

  private void await(List<HandOver.Held> running) {
    Duration wait = longestHandOver.compareTo(LONGEST_WAIT) < 0 ? longestHandOver : LONGEST_WAIT;
    long end = nanoClock.getAsLong() + wait.toNanos();
    try {
      for (HandOver.Held each : running) {
        each.claim().awaitEnd(end - nanoClock.getAsLong());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized List<HandOver.Held> dropQueued(Collection<TopicPartition> which) {
    List<HandOver.Held> running = new ArrayList<>();
    for (TopicPartition partition : which) {
      Held held = partitions.get(partition);
      if (held != null) {
        held.claims.forEach(
            (offset, claim) -> {
              if (!claim.loseQueued()) {
                running.add(new HandOver.Held(partition, offset, claim));
              }
            });
      }
    }
    return running;
  }

  /**
   * Removes partitions and returns the offsets to commit. Records that were received in the
   * meantime are lost.
   */
  private synchronized Map<TopicPartition, OffsetAndMetadata> removePartitions(
      Collection<TopicPartition> revoked, List<HandOver.Held> running) {
    Set<Claim> continuing = running.stream().map(HandOver.Held::claim).collect(Collectors.toSet());
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (TopicPartition partition : revoked) {
      Held held = partitions.remove(partition);
      if (held == null) {
        continue;
      }
      if (held.next > 0) {
        offsets.put(partition, new OffsetAndMetadata(held.commit()));
        held.settled.forEach(offset -> attempts.markDone(partition, offset));
      }
      held.claims.values().stream()
          .filter(claim -> !continuing.contains(claim))
          .forEach(Claim::lose);
    }
    return offsets;
  }

  private static void lose(@Nullable Held held) {
    if (held != null) {
      held.claims.values().forEach(Claim::lose);
    }
  }

  /**
   * Commits offsets. Without this commit the next worker would repeat records that ended while the
   * callback waited.
   */
  private static void commit(
      Consumer<?, ?> consumer, Map<TopicPartition, OffsetAndMetadata> offsets) {
    try {
      if (!offsets.isEmpty()) {
        consumer.commitSync(offsets);
      }
    } catch (KafkaException e) {
      LOG.warnf(
          "offsets of revoked partitions not committed reason=%s",
          Printable.logValue(e.toString()));
    }
  }

  private static TopicPartition partition(ConsumerRecord<?, ?> record) {
    return new TopicPartition(record.topic(), record.partition());
  }
}
