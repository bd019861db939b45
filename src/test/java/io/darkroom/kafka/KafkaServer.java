package io.darkroom.kafka;

import io.darkroom.LocalKafka;
import io.darkroom.LocalStack;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A broker with Darkroom's topics for the tests of one application. */
public final class KafkaServer implements QuarkusTestResourceLifecycleManager {
  private LocalKafka kafka;

  @Override
  public Map<String, String> start() {
    try {
      Path folder = Files.createTempDirectory(Path.of("target"), "kafka");
      kafka = new LocalKafka(folder.toAbsolutePath(), 0);
      kafka.createTopics(LocalStack.TOPICS, 2);
      kafka.createTopics(List.of(KafkaAlone.BATCH), 2);
      return Map.of("darkroom.kafka.bootstrap-servers", kafka.bootstrapServers());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException("Kafka: did not start", e);
    }
  }

  @Override
  public void stop() {
    if (kafka != null) {
      kafka.close();
    }
  }
}
