package io.darkroom.kafka;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An application with only the Kafka adapter; the test provides the classes behind it. */
public class KafkaAlone implements QuarkusTestProfile {
  /** A second topic of requests. */
  static final String BATCH = "darkroom.requests.batch";

  /** Records in flight at the same time. */
  static final int IN_FLIGHT = 4;

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "quarkus.arc.exclude-types",
        "io.darkroom.app.**",
        "darkroom.kafka.requests-topics",
        "darkroom.requests," + BATCH,
        "darkroom.kafka.in-flight",
        Integer.toString(IN_FLIGHT));
  }

  @Override
  public Set<Class<?>> getEnabledAlternatives() {
    return Set.of(RecordingRenderer.class);
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(KafkaServer.class));
  }

  /** The same profile with another consumer, and without a reader of progress events. */
  public static final class Unheard extends KafkaAlone {
    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> config = new HashMap<>(super.getConfigOverrides());
      config.put("mp.messaging.outgoing.progress.bootstrap.servers", "localhost:1");
      return config;
    }
  }
}
