package io.darkroom.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The partitions that this worker was assigned in the last second. Records that a dead worker had
 * begun may follow in them. Safe for use by many threads.
 */
final class NewPartitions {
  private static final long NEW_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long NONE_RECEIVED = -1;
  private static final Pattern PLACE = Pattern.compile("(.+)/([0-9]{1,9})/([0-9]{1,18})");

  private final LongSupplier nanoClock;
  private final Map<TopicPartition, Long> firstOffsets = new HashMap<>();
  private long endNanos;

  NewPartitions(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  synchronized void assigned(Collection<TopicPartition> partitions) {
    if (partitions.isEmpty()) {
      return;
    }
    if (nanosLeft() == 0) {
      firstOffsets.clear();
    }
    partitions.forEach(each -> firstOffsets.put(each, NONE_RECEIVED));
    endNanos = nanoClock.getAsLong() + NEW_NANOS;
  }

  synchronized void received(ConsumerRecord<?, ?> record) {
    firstOffsets.replace(
        new TopicPartition(record.topic(), record.partition()), NONE_RECEIVED, record.offset());
  }

  /** Returns the time until no partition is new; 0 if none is. */
  synchronized long nanosLeft() {
    return firstOffsets.isEmpty() ? 0 : Math.max(0, endNanos - nanoClock.getAsLong());
  }

  /**
   * Returns whether this worker may still receive a record: its partition is new, and the record is
   * not before the first one that was received.
   *
   * @param place {@code topic/partition/offset}
   */
  synchronized boolean mayReceive(String place) {
    Matcher parts = PLACE.matcher(place);
    if (!parts.matches()) {
      return false;
    }
    Long first =
        firstOffsets.get(new TopicPartition(parts.group(1), Integer.parseInt(parts.group(2))));
    return first != null && Long.parseLong(parts.group(3)) >= first;
  }
}
