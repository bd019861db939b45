package io.darkroom.kafka;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which records of a topic are read. A record must match all conditions.
 *
 * @param from time of the first records; empty = from the beginning
 * @param to records before this time; empty = up to the current end of the topic
 * @param offsets one range for each partition that is read; empty = all partitions
 */
public record RecordSelection(
    Optional<Instant> from, Optional<Instant> to, List<OffsetRange> offsets) {
  /** All records. */
  public static final RecordSelection ALL =
      new RecordSelection(Optional.empty(), Optional.empty(), List.of());

  public RecordSelection {
    offsets = List.copyOf(offsets);
    Set<Integer> partitions = new HashSet<>();
    for (OffsetRange range : offsets) {
      if (!partitions.add(range.partition())) {
        throw new IllegalArgumentException(
            "must have one range for a partition, has several for " + range.partition());
      }
    }
  }
}
