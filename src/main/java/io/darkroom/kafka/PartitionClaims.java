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
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The records that this worker holds, by partition. When a partition moves to another worker,
 * records that have not begun are dropped at once; renders under way are waited for, so that they
 * are not rendered twice, and then lost: a lost record is announced by its new worker alone. Safe
 * for use by many threads; the rebalance callbacks run on the consumer's polling thread.
 */
@Singleton
@Identifier("requests")
final class PartitionClaims implements KafkaConsumerRebalanceListener {
  private static final Logger LOG = Logger.getLogger(PartitionClaims.class);

  private final Map<TopicPartition, Held> partitions = new HashMap<>();
  private final Attempts attempts;
  private final LongSupplier nanoClock;
  private volatile Duration handover;

  @Inject
  PartitionClaims(KafkaSettings settings, Attempts attempts) {
    this(settings, attempts, System::nanoTime);
  }

  PartitionClaims(KafkaSettings settings, Attempts attempts, LongSupplier nanoClock) {
    this.handover = settings.handover();
    this.attempts = attempts;
    this.nanoClock = nanoClock;
  }

  /** The records of one partition that are not acknowledged, and the offset after the last. */
  private static final class Held {
    private final TreeMap<Long, Claim> claims = new TreeMap<>();
    private long next;

    long commit() {
      return claims.isEmpty() ? next : claims.firstKey();
    }
  }

  /** Takes a record; its claim is lost already where its partition has moved. */
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

  /** The record is settled: its event is with the broker. */
  synchronized void settled(ConsumerRecord<?, ?> record, Claim claim) {
    claim.end();
    Held held = partitions.get(partition(record));
    if (held != null) {
      held.claims.remove(record.offset(), claim);
    }
  }

  /** Gives up all records that have not ended. */
  void loseAll() {
    List<Claim> open = new ArrayList<>();
    synchronized (this) {
      partitions.values().forEach(held -> open.addAll(held.claims.values()));
    }
    open.forEach(Claim::lose);
    attempts.flush();
  }

  /** From now on partitions are given up without waiting for the renders under way. */
  void hurry() {
    handover = Duration.ZERO;
  }

  @Override
  public synchronized void onPartitionsAssigned(
      Consumer<?, ?> consumer, Collection<TopicPartition> assigned) {
    for (TopicPartition partition : assigned) {
      // One that is held still was lost without notice.
      lose(partitions.put(partition, new Held()));
    }
    attempts.assigned(assigned);
  }

  @Override
  public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> revoked) {
    List<Claim> running = dropQueued(revoked);
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
      }
      lose(held);
    }
    return offsets;
  }

  private static void lose(@Nullable Held held) {
    if (held != null) {
      held.claims.values().forEach(Claim::lose);
    }
  }

  /** Without it the next worker would take records again that have ended during the wait. */
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
