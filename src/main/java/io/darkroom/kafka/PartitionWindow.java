package io.darkroom.kafka;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * The first unacknowledged records of a partition, up to a limit. The records after them are
 * assumed to be similar.
 */
final class PartitionWindow {
  private final int most;
  private final Deque<Seen> seen = new ArrayDeque<>();

  /** All records before this offset are acknowledged. */
  private long from;

  PartitionWindow(int most) {
    this.most = most;
  }

  private record Seen(long offset, RequestCost cost, Instant published) {}

  /**
   * Removes the acknowledged records.
   *
   * @return false if the offset of the group was set back, so that the window must be read again
   */
  boolean acknowledged(long offset) {
    boolean forward = offset >= from;
    if (!forward) {
      seen.clear();
    }
    from = offset;
    while (!seen.isEmpty() && seen.peekFirst().offset() < offset) {
      seen.removeFirst();
    }
    return forward;
  }

  boolean full() {
    return seen.size() >= most;
  }

  void add(long offset, RequestCost cost, Instant published) {
    if (offset >= from && !full()) {
      seen.addLast(new Seen(offset, cost, published));
    }
  }

  /** Returns the offset after the last record that was read. */
  long next() {
    return seen.isEmpty() ? from : seen.getLast().offset() + 1;
  }

  /**
   * Returns the backlog of the partition.
   *
   * @param end end offset of the partition
   * @param unseen number of records between the window and the end
   * @param waiting number of records that are not acknowledged; empty if these are all records of
   *     the window and after it. Otherwise those that are acknowledged are assumed to be similar to
   *     the rest
   */
  Backlog backlog(TopicPartition partition, long end, long unseen, OptionalLong waiting) {
    long records = Math.max(0, end - from);
    long lag = Math.min(records, waiting.orElse(records));
    if (lag == 0 || seen.isEmpty()) {
      return new Backlog(Map.of(), 0, Map.of(partition, lag));
    }
    double share = (double) lag / records;
    double scale = share * (seen.size() + (double) unseen) / seen.size();
    double meanSeconds =
        seen.stream()
            .flatMapToDouble(each -> each.cost().deviceSeconds().stream())
            .average()
            .orElse(0);
    Map<String, Backlog.OfModel> models = new TreeMap<>();
    long uncosted = 0;
    for (Seen each : seen) {
      OptionalDouble known = each.cost().deviceSeconds();
      uncosted += known.isPresent() ? 0 : 1;
      double seconds = known.orElse(meanSeconds);
      Backlog.OfModel one = new Backlog.OfModel(scale, scale * seconds, each.published());
      models.merge(each.cost().model(), one, Backlog.OfModel::plus);
    }
    return new Backlog(models, scale * uncosted, Map.of(partition, lag));
  }
}
