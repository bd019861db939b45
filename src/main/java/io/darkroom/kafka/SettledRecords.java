package io.darkroom.kafka;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The records whose outcomes this worker has published. The broker delivers such a record again if
 * its offset was not committed, for example because the broker was restarted. The oldest records
 * are forgotten. Safe for use by many threads.
 */
final class SettledRecords {
  static final int MOST = 10_000;

  private final Map<Place, Content> records =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Content> eldest) {
          return size() > MOST;
        }
      };

  private record Place(TopicPartition partition, long offset) {
    static Place of(ConsumerRecord<?, ?> record) {
      return new Place(new TopicPartition(record.topic(), record.partition()), record.offset());
    }
  }

  /** Distinguishes records of a topic that was deleted and created again. */
  private record Content(long timestamp, int size, int hash) {
    static Content of(ConsumerRecord<?, ?> record) {
      byte[] value = record.value() instanceof byte[] bytes ? bytes : new byte[0];
      return new Content(record.timestamp(), value.length, Arrays.hashCode(value));
    }
  }

  /** Adds a record whose outcome is published. */
  synchronized void add(ConsumerRecord<?, ?> record) {
    records.put(Place.of(record), Content.of(record));
  }

  /** Returns whether the outcome of a record is published. */
  synchronized boolean contains(ConsumerRecord<?, ?> record) {
    return Content.of(record).equals(records.get(Place.of(record)));
  }
}
