package io.darkroom.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Reads what a group of workers has acknowledged, without joining the group. */
final class GroupOffsets {
  private GroupOffsets() {}

  /**
   * The progress of a group in a partition.
   *
   * @param offset all records before it are acknowledged
   * @param waiting number of records from the offset on that are not acknowledged; empty if these
   *     are all records, because a consumer group acknowledges them in order
   */
  record Progress(long offset, OptionalLong waiting) {}

  /**
   * Returns the progress of a group by partition. Partitions of which it has acknowledged nothing
   * are left out.
   *
   * @throws ExecutionException if the broker does not answer or refuses the request
   */
  static Map<TopicPartition, Progress> read(Admin admin, String group, Consumption consumption)
      throws ExecutionException, InterruptedException {
    return switch (consumption) {
      case CONSUMER_GROUP -> ofConsumerGroup(admin, group);
      case SHARE_GROUP -> ofShareGroup(admin, group);
    };
  }

  private static Map<TopicPartition, Progress> ofConsumerGroup(Admin admin, String group)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    Map<TopicPartition, Progress> progress = new HashMap<>();
    committed.forEach(
        (partition, offset) -> {
          if (offset != null) {
            progress.put(partition, new Progress(offset.offset(), OptionalLong.empty()));
          }
        });
    return progress;
  }

  /** A share group acknowledges records in any order, so the broker counts those that are left. */
  private static Map<TopicPartition, Progress> ofShareGroup(Admin admin, String group)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, Progress> progress = new HashMap<>();
    try {
      admin
          .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
          .partitionsToOffsetInfo(group)
          .get()
          .forEach(
              (partition, info) -> {
                if (info != null) {
                  OptionalLong waiting =
                      info.lag().map(OptionalLong::of).orElseGet(OptionalLong::empty);
                  progress.put(partition, new Progress(info.startOffset(), waiting));
                }
              });
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof GroupIdNotFoundException)) { // before the first worker
        throw e;
      }
    }
    return progress;
  }
}
