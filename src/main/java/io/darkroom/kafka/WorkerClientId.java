package io.darkroom.kafka;

import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.eclipse.microprofile.config.Config;

/**
 * Gives the consumer of requests the name of the worker as client id, so that a list of the group's
 * members shows which workers they are. A configured client id is kept.
 */
@Singleton
final class WorkerClientId implements ClientCustomizer<Map<String, Object>> {
  private static final String CHANNEL = "requests";

  /** The connector's generated client ids begin with this. */
  private static final String GENERATED = "kafka-consumer-";

  private final KafkaSettings settings;

  @Inject
  WorkerClientId(KafkaSettings settings) {
    this.settings = settings;
  }

  @Override
  public Map<String, Object> customize(
      String channel, Config configuration, Map<String, Object> client) {
    Object id = client.getOrDefault(ConsumerConfig.CLIENT_ID_CONFIG, GENERATED);
    if (channel.equals(CHANNEL) && id.toString().startsWith(GENERATED)) {
      client.put(ConsumerConfig.CLIENT_ID_CONFIG, settings.worker());
    }
    return client;
  }
}
