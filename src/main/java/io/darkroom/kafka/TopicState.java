package io.darkroom.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;

/**
 * A topic as the broker describes it.
 *
 * @param partitions 1 or more
 * @param replicas number of replicas of the first partition
 * @param config values by name; empty if the client may not read them
 */
public record TopicState(String name, int partitions, int replicas, Map<String, String> config) {
  public TopicState {
    config = Map.copyOf(config);
  }

  /** Returns a setting; empty if it is not known. */
  public Optional<String> setting(String key) {
    return Optional.ofNullable(config.get(key));
  }

  /**
   * Asks the broker for topics. Blocks.
   *
   * @throws ExecutionException if the broker does not answer, or a topic does not exist
   */
  public static List<TopicState> of(Admin admin, Collection<String> names)
      throws ExecutionException, InterruptedException {
    Map<String, TopicDescription> topics = admin.describeTopics(names).allTopicNames().get();
    Map<ConfigResource, KafkaFuture<Config>> configs =
        admin.describeConfigs(names.stream().map(TopicState::resource).toList()).values();
    List<TopicState> states = new ArrayList<>();
    for (String name : names) {
      TopicDescription topic = Objects.requireNonNull(topics.get(name));
      Map<String, String> config = values(Objects.requireNonNull(configs.get(resource(name))));
      int replicas = topic.partitions().get(0).replicas().size();
      states.add(new TopicState(name, topic.partitions().size(), replicas, config));
    }
    return states;
  }

  static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  private static Map<String, String> values(KafkaFuture<Config> config)
      throws InterruptedException {
    try {
      return config.get().entries().stream()
          .filter(entry -> entry.value() != null)
          .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    } catch (ExecutionException notAllowed) {
      return Map.of(); // the permission to read configurations is optional
    }
  }
}
