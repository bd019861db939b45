package io.darkroom.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jboss.logging.Logger;

/**
 * Creates the topics of a worker that are not there. Replicas are those of the broker's default.
 */
public final class TopicCreation {
  private static final Logger LOG = Logger.getLogger(TopicCreation.class);
  private static final int REQUEST_PARTITIONS = 8;

  /** What a record is larger by than the request in it, batch and headers included. */
  private static final int MARGIN = 1 << 20;

  /** Metadata of a new topic comes a moment later. */
  private static final int LOOKS = 50;

  private static final int PAUSE_MILLIS = 100;

  private final List<NewTopic> topics;

  /**
   * @param recordBytes of the largest request
   * @param cancellations how long a cancellation acts, and so must be kept
   */
  public TopicCreation(TopicNames names, int recordBytes, Duration cancellations) {
    String large = Long.toString(recordBytes + (long) MARGIN);
    String day = Long.toString(Duration.ofDays(1).toMillis());
    String kept = Long.toString(cancellations.toMillis());
    this.topics =
        List.of(
            topic(names.requests(), Optional.of(REQUEST_PARTITIONS), "max.message.bytes", large),
            topic(names.events(), Optional.empty(), "max.message.bytes", large),
            topic(names.deadLetters(), Optional.empty(), "max.message.bytes", large),
            topic(names.progress(), Optional.empty(), "retention.ms", day),
            topic(names.control(), Optional.of(1), "retention.ms", kept),
            new NewTopic(names.attempts(), Optional.of(1), Optional.empty())
                .configs(Map.of("cleanup.policy", "compact")));
  }

  /**
   * Creates what is missing, and waits a little until the broker shows it.
   *
   * @throws ExecutionException where the broker does not answer or refuses
   */
  public void create(Admin admin) throws ExecutionException, InterruptedException {
    List<NewTopic> missing = missing(admin);
    for (Map.Entry<String, KafkaFuture<Void>> each :
        admin.createTopics(missing).values().entrySet()) {
      try {
        each.getValue().get();
        LOG.infof("topic created topic=%s", each.getKey());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e; // else another worker was first
        }
      }
    }
    for (int i = 0; i < LOOKS && !missing(admin).isEmpty(); i++) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  private List<NewTopic> missing(Admin admin) throws ExecutionException, InterruptedException {
    Set<String> there = admin.listTopics().names().get();
    return topics.stream().filter(topic -> !there.contains(topic.name())).toList();
  }

  private static NewTopic topic(
      String name, Optional<Integer> partitions, String key, String value) {
    Map<String, String> config = new HashMap<>(Map.of("cleanup.policy", "delete"));
    config.put(key, value);
    return new NewTopic(name, partitions, Optional.empty()).configs(config);
  }
}
