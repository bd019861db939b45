package io.darkroom.kafka;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The claims of this worker on records, by partition. When a partition moves to another worker,
 * records that have not begun are dropped at once. The callback waits for running renders, so that
 * they are not rendered twice; renders that are not finished in time are lost. Only the new worker
 * publishes an event for a lost record. Safe for use by many threads; the rebalance callbacks run
 * on the consumer's polling thread.
 */
@Singleton
@Identifier("requests")
final class PartitionClaims implements KafkaConsumerRebalanceListener {
  private static final Logger LOG = Logger.getLogger(PartitionClaims.class);
  private static final long MARK_SECONDS = 2;

  private final Map<TopicPartition, Held> partitions = new HashMap<>();
  private final Attempts attempts;
  private final LongSupplier nanoClock;
  private final List<Claim> departed = new ArrayList<>();
  private volatile Duration handover;
  private volatile boolean leaving;

  @Inject
  PartitionClaims(KafkaSettings settings, Attempts attempts) {
    this(settings, attempts, System::nanoTime);
  }

  PartitionClaims(KafkaSettings settings, Attempts attempts, LongSupplier nanoClock) {
    this.handover = settings.handover();
    this.attempts = attempts;
    this.nanoClock = nanoClock;
  }

  /**
   * The unacknowledged records of one partition, and the offset after the last record that was
   * taken.
   */
  private static final class Held {
    private final TreeMap<Long, Claim> claims = new TreeMap<>();

    /** Settled records behind one that is not: the next worker is given them again. */
    private final TreeSet<Long> settled = new TreeSet<>();

    private long next;

    long commit() {
      return claims.isEmpty() ? next : claims.firstKey();
    }

    void settled(long offset, Claim claim) {
      if (claims.remove(offset, claim)) {
        settled.add(offset);
        settled.headSet(commit()).clear();
      }
    }
  }

  /** Creates the claim for a record; the claim is lost if the record's partition has moved. */
  synchronized Claim take(ConsumerRecord<?, ?> record) {
    Held held = partitions.get(partition(record));
    if (held == null) {
      return Claim.gone();
    }
    Claim claim = Claim.held(nanoClock);
    held.claims.put(record.offset(), claim);
    held.next = record.offset() + 1;
    return claim;
  }

  /** Ends the claim of a record whose event is published. */
  synchronized void settled(ConsumerRecord<?, ?> record, Claim claim) {
    claim.end();
    Held held = partitions.get(partition(record));
    if (held != null) {
      held.settled(record.offset(), claim);
    }
  }

  /** Loses all records that have not ended. */
  void loseAll() {
    List<Claim> open = new ArrayList<>();
    synchronized (this) {
      partitions.values().forEach(held -> open.addAll(held.claims.values()));
      open.addAll(departed);
    }
    open.forEach(Claim::lose);
    attempts.flush();
  }

  /**
   * Prepares for leaving the group. Records that have not begun are dropped. Running renders go on,
   * and their claims are marked, so that the next worker waits until they end.
   *
   * @param most maximum time that the next worker waits
   * @return false if the marks could not be written: then the worker must not leave the group yet
   */
  boolean leave(Duration most) {
    try {
      for (Future<?> mark : mark(most)) {
        mark.get(MARK_SECONDS, TimeUnit.SECONDS);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (KafkaException | ExecutionException | TimeoutException e) {
      LOG.warnf("stopping without leaving the group first reason=%s", e.toString());
    }
    leaving = false;
    return false;
  }

  private synchronized List<Future<?>> mark(Duration most) {
    leaving = true;
    List<Future<?>> marks = new ArrayList<>();
    partitions.forEach(
        (partition, held) ->
            held.claims.forEach(
                (offset, claim) -> {
                  if (!claim.loseQueued()) {
                    marks.add(attempts.leave(partition, offset, most));
                  }
                }));
    return marks;
  }

  /** From now on, revocation of partitions does not wait for running renders. */
  void hurry() {
    handover = Duration.ZERO;
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
    List<Claim> running = leaving ? List.of() : dropQueued(revoked);
    long end = nanoClock.getAsLong() + handover.toNanos();
    int lost = 0;
    try {
      for (Claim claim : running) {
        lost += claim.awaitEnd(end - nanoClock.getAsLong()) ? 0 : 1;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    commit(consumer, giveUp(revoked));
    attempts.flush();
    if (!running.isEmpty()) {
      LOG.infof(
          "partitions revoked partitions=%s running=%d lost=%d", revoked, running.size(), lost);
    }
  }

  private synchronized List<Claim> dropQueued(Collection<TopicPartition> revoked) {
    List<Claim> running = new ArrayList<>();
    for (TopicPartition partition : revoked) {
      Held held = partitions.get(partition);
      if (held != null) {
        held.claims.values().stream().filter(claim -> !claim.loseQueued()).forEach(running::add);
      }
    }
    return running;
  }

  private synchronized Map<TopicPartition, OffsetAndMetadata> giveUp(
      Collection<TopicPartition> revoked) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (TopicPartition partition : revoked) {
      Held held = partitions.remove(partition);
      if (held != null && held.next > 0) {
        offsets.put(partition, new OffsetAndMetadata(held.commit()));
        held.settled.forEach(offset -> attempts.done(partition, offset));
      }
      if (leaving && held != null) {
        departed.addAll(held.claims.values());
      } else {
        lose(held);
      }
    }
    return offsets;
  }

  private static void lose(@Nullable Held held) {
    if (held != null) {
      held.claims.values().forEach(Claim::lose);
    }
  }

  /**
   * Commits offsets. Without this commit the next worker would repeat records that ended during the
   * wait.
   */
  private static void commit(
      Consumer<?, ?> consumer, Map<TopicPartition, OffsetAndMetadata> offsets) {
    try {
      if (!offsets.isEmpty()) {
        consumer.commitSync(offsets);
      }
    } catch (KafkaException e) {
      LOG.warnf("offsets of revoked partitions not committed reason=%s", e.toString());
    }
  }

  private static TopicPartition partition(ConsumerRecord<?, ?> record) {
    return new TopicPartition(record.topic(), record.partition());
  }
}
