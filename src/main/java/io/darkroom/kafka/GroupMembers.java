package io.darkroom.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Lists the workers in the group that consumes requests, which may be a consumer group or a share
 * group. Does not join the group. Used by one thread.
 */
public final class GroupMembers implements AutoCloseable {
  private static final String CLIENT = "darkroom-console";

  /** Maximum time until the client is closed, even if the broker does not answer. */
  private static final Duration CLOSE = Duration.ofSeconds(1);

  private final Admin admin;
  private final String group;
  private final Consumption consumption;

  /**
   * A worker in the group.
   *
   * @param worker its name, with which the client ids of its consumers begin
   * @param host its host as the broker sees it
   * @param partitions number of partitions that it consumes, which share groups may assign to
   *     several workers
   */
  public record Member(String worker, String host, int partitions) {
    Member and(Member other) {
      return new Member(worker, host, Math.max(partitions, other.partitions));
    }
  }

  /**
   * Opens a client, which {@link #close} closes.
   *
   * @param broker settings of all clients of the broker
   * @param consumption kind of the group
   */
  public GroupMembers(Map<String, Object> broker, String group, Consumption consumption) {
    this.admin = AdminClients.open(broker, CLIENT);
    this.group = group;
    this.consumption = consumption;
  }

  /**
   * Returns the workers in the order of their names; empty if there is no such group.
   *
   * @throws ExecutionException if the broker does not answer or does not allow it
   */
  public Collection<Member> read() throws ExecutionException, InterruptedException {
    Map<String, Member> members = new TreeMap<>();
    try {
      describe().forEach(member -> members.merge(member.worker(), member, Member::and));
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof GroupIdNotFoundException)) { // before the first worker
        throw e;
      }
    }
    return members.values();
  }

  private Stream<Member> describe() throws ExecutionException, InterruptedException {
    return switch (consumption) {
      case CONSUMER_GROUP -> ofConsumerGroup();
      case SHARE_GROUP -> ofShareGroup();
    };
  }

  private Stream<Member> ofConsumerGroup() throws ExecutionException, InterruptedException {
    return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
        .flatMap(found -> found.members().stream())
        .map(each -> member(each.clientId(), each.host(), each.assignment().topicPartitions()));
  }

  private Stream<Member> ofShareGroup() throws ExecutionException, InterruptedException {
    return admin.describeShareGroups(List.of(group)).all().get().values().stream()
        .flatMap(found -> found.members().stream())
        .map(
            each ->
                member(
                    each.clientId().replaceFirst(ShareGroup.MEMBER + "\\d+$", ""),
                    each.host(),
                    each.assignment().topicPartitions()));
  }

  private static Member member(String worker, String host, Collection<?> partitions) {
    return new Member(worker, host.replaceFirst("^/", ""), partitions.size());
  }

  @Override
  public void close() {
    admin.close(CLOSE);
  }
}
