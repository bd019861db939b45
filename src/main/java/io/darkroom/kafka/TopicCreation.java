package io.darkroom.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

  /** Bytes that a record may have in addition to its request, for the batch and the headers. */
  private static final int MARGIN = 1 << 20;

  /** Maximum number of queries for a new topic, because its metadata appears with a delay. */
  private static final int LOOKS = 50;

  private static final int PAUSE_MILLIS = 100;

  private final TopicSizes sizes;
  private final List<String> requests;
  private final List<NewTopic> topics;

  /** Creates topics with {@link TopicSizes#DEFAULT}. */
  public TopicCreation(TopicNames names, int recordBytes, Duration cancellations) {
    this(names, recordBytes, cancellations, TopicSizes.DEFAULT);
  }

  /**
   * @param recordBytes size of the largest request
   * @param cancellations how long a cancellation is in effect, which is the retention of its topic
   */
  public TopicCreation(
      TopicNames names, int recordBytes, Duration cancellations, TopicSizes sizes) {
    this.sizes = sizes;
    this.requests = names.requests();
    String large = Long.toString(recordBytes + (long) MARGIN);
    String day = Long.toString(Duration.ofDays(1).toMillis());
    String kept = Long.toString(cancellations.toMillis());
    Stream<NewTopic> wide =
        requests.stream().map(each -> kept(each, Optional.of(sizes.partitions()), large));
    Stream<NewTopic> others =
        Stream.of(
            kept(names.events(), Optional.empty(), large),
            kept(names.deadLetters(), Optional.empty(), large),
            kept(names.retries(), Optional.empty(), large),
            deleted(names.progress(), Optional.empty(), Map.of(RETENTION, day)),
            deleted(names.control(), Optional.of(1), Map.of(RETENTION, kept)),
            new NewTopic(names.attempts(), Optional.of(1), sizes.replicas())
                .configs(Map.of(CLEANUP, "compact")));
    this.topics = Stream.concat(wide, others).toList();
  }

  /**
   * Creates the missing topics, and waits a few seconds until the broker lists them.
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
   * Adds partitions to topics of requests that have fewer than the wanted number.
   *
   * @return the earlier number of partitions of each topic that had too few, by name
   * @throws ExecutionException if the broker does not answer or refuses
   */
  public Map<String, Integer> grow(Admin admin) throws ExecutionException, InterruptedException {
    Map<String, Integer> before = new TreeMap<>();
    for (String topic : requests) {
      int has = partitions(admin, topic);
      if (has < sizes.partitions()) {
        grow(admin, topic);
        before.put(topic, has);
      }
    }
    return before;
  }

  private void grow(Admin admin, String topic) throws ExecutionException, InterruptedException {
    NewPartitions wanted = NewPartitions.increaseTo(sizes.partitions());
    admin.createPartitions(Map.of(topic, wanted)).all().get();
    for (int i = 0; i < LOOKS && partitions(admin, topic) < sizes.partitions(); i++) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  /** Returns the names of all topics, including those that existed before. */
  public List<String> names() {
    return topics.stream().map(NewTopic::name).toList();
  }

  private static int partitions(Admin admin, String topic)
      throws ExecutionException, InterruptedException {
    return TopicState.of(admin, List.of(topic)).get(0).partitions();
  }

  private List<NewTopic> missing(Admin admin) throws ExecutionException, InterruptedException {
    Set<String> there = admin.listTopics().names().get();
    return topics.stream().filter(topic -> !there.contains(topic.name())).toList();
  }

  /** Returns a topic that is not compacted and whose records may be as large as requests. */
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
