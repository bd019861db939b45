package io.darkroom.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jboss.logging.Logger;

/** Creates the missing topics of a worker, and adds partitions to the topic of requests. */
public final class TopicCreation {
  private static final Logger LOG = Logger.getLogger(TopicCreation.class);
  private static final String CLEANUP = "cleanup.policy";
  private static final String RETENTION = "retention.ms";

  /** Additional bytes of a record compared with the request in it, including batch and headers. */
  private static final int MARGIN = 1 << 20;

  /** The number of queries for a new topic: its metadata appears with a delay. */
  private static final int LOOKS = 50;

  private static final int PAUSE_MILLIS = 100;

  private final TopicSizes sizes;
  private final String requests;
  private final List<NewTopic> topics;

  /** Uses {@link TopicSizes#DEFAULT}. */
  public TopicCreation(TopicNames names, int recordBytes, Duration cancellations) {
    this(names, recordBytes, cancellations, TopicSizes.DEFAULT);
  }

  /**
   * @param recordBytes size of the largest request
   * @param cancellations how long a cancellation is in effect; the topic must retain it as long
   */
  public TopicCreation(
      TopicNames names, int recordBytes, Duration cancellations, TopicSizes sizes) {
    this.sizes = sizes;
    this.requests = names.requests();
    String large = Long.toString(recordBytes + (long) MARGIN);
    String day = Long.toString(Duration.ofDays(1).toMillis());
    String kept = Long.toString(cancellations.toMillis());
    this.topics =
        List.of(
            kept(names.requests(), Optional.of(sizes.partitions()), large),
            kept(names.events(), Optional.empty(), large),
            kept(names.deadLetters(), Optional.empty(), large),
            kept(names.retries(), Optional.empty(), large),
            deleted(names.progress(), Optional.empty(), Map.of(RETENTION, day)),
            deleted(names.control(), Optional.of(1), Map.of(RETENTION, kept)),
            new NewTopic(names.attempts(), Optional.of(1), sizes.replicas())
                .configs(Map.of(CLEANUP, "compact")));
  }

  /**
   * Creates the missing topics, and waits up to a few seconds until the broker lists them.
   *
   * @throws ExecutionException if the broker does not answer or refuses
   */
  public List<String> create(Admin admin) throws ExecutionException, InterruptedException {
    List<NewTopic> missing = missing(admin);
    List<String> created = new ArrayList<>();
    for (Map.Entry<String, KafkaFuture<Void>> each :
        admin.createTopics(missing).values().entrySet()) {
      try {
        each.getValue().get();
        created.add(each.getKey());
        LOG.infof("topic created topic=%s", each.getKey());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e; // otherwise another worker has created it
        }
      }
    }
    for (int i = 0; i < LOOKS && !missing(admin).isEmpty(); i++) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    return created;
  }

  /**
   * Adds partitions to the topic of requests if it has fewer than the wanted number.
   *
   * @return number of partitions before; empty if there were enough
   * @throws ExecutionException if the broker does not answer or refuses
   */
  public Optional<Integer> grow(Admin admin) throws ExecutionException, InterruptedException {
    int has = partitions(admin);
    if (has >= sizes.partitions()) {
      return Optional.empty();
    }
    NewPartitions wanted = NewPartitions.increaseTo(sizes.partitions());
    admin.createPartitions(Map.of(requests, wanted)).all().get();
    for (int i = 0; i < LOOKS && partitions(admin) < sizes.partitions(); i++) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    return Optional.of(has);
  }

  /** Names of all topics, including those that existed before. */
  public List<String> names() {
    return topics.stream().map(NewTopic::name).toList();
  }

  private int partitions(Admin admin) throws ExecutionException, InterruptedException {
    return TopicState.of(admin, List.of(requests)).get(0).partitions();
  }

  private List<NewTopic> missing(Admin admin) throws ExecutionException, InterruptedException {
    Set<String> there = admin.listTopics().names().get();
    return topics.stream().filter(topic -> !there.contains(topic.name())).toList();
  }

  /** A topic that is not compacted and whose records may be as large as requests. */
  private NewTopic kept(String name, Optional<Integer> partitions, String largest) {
    Map<String, String> config = new HashMap<>(Map.of("max.message.bytes", largest));
    sizes.retention().ifPresent(time -> config.put(RETENTION, Long.toString(time.toMillis())));
    return deleted(name, partitions, config);
  }

  private NewTopic deleted(
      String name, Optional<Integer> partitions, Map<String, String> settings) {
    Map<String, String> config = new HashMap<>(settings);
    config.put(CLEANUP, "delete");
    return new NewTopic(name, partitions, sizes.replicas()).configs(config);
  }
}
