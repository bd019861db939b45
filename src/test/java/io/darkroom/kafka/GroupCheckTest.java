package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.darkroom.LocalKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCheckTest {
  @TempDir Path folder;
  private LocalKafka kafka;
  private Admin admin;

  @BeforeEach
  void startBroker() throws Exception {
    kafka = new LocalKafka(folder, 0, Map.of("group.share.delivery.count.limit", "7"));
    kafka.createTopics(List.of("darkroom.requests"), 1);
    admin = Admin.create(kafka.client());
  }

  @AfterEach
  void stopBroker() {
    admin.close();
    kafka.close();
  }

  @Test
  void aShareGroupReadsFromTheBeginningAndNothingThatWasAborted() throws Exception {
    GroupCheck check = check(Consumption.SHARE_GROUP, "fresh");

    assertThat(check.problem(admin)).isEmpty();
    assertThat(check.mostDeliveries()).as("the broker's own").isEqualTo(7);
    ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "fresh");
    var config = admin.describeConfigs(List.of(group)).all().get().get(group);
    assertThat(config.get("share.auto.offset.reset").value()).isEqualTo("earliest");
    assertThat(config.get("share.isolation.level").value()).isEqualTo("read_committed");
  }

  @Test
  void aGroupOfTheOtherTypeIsNamed() throws Exception {
    Map<String, Object> client = new HashMap<>(kafka.client());
    client.put("group.id", "used");
    try (var consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.commitSync(
          Map.of(new TopicPartition("darkroom.requests", 0), new OffsetAndMetadata(0)));
    }

    assertThat(check(Consumption.SHARE_GROUP, "used").problem(admin))
        .contains(
            "darkroom.kafka.group: must be a group of another name or be deleted, is used, a classic"
                + " group");
    assertThat(check(Consumption.CONSUMER_GROUP, "used").problem(admin)).isEmpty();
  }

  @Test
  void aBrokerWithoutShareGroupsIsNamedWithTheSetting() throws Exception {
    FeatureUpdate off = new FeatureUpdate((short) 0, UpgradeType.SAFE_DOWNGRADE);
    admin.updateFeatures(Map.of("share.version", off), new UpdateFeaturesOptions()).all().get();

    GroupCheck check = check(Consumption.SHARE_GROUP, "fresh");
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(check.problem(admin).orElse(""))
                    .startsWith(
                        "darkroom.kafka.consumption: must be consumer-group, is share-group"));
    assertThat(check(Consumption.CONSUMER_GROUP, "fresh").problem(admin))
        .isEqualTo(Optional.empty());
  }

  private static GroupCheck check(Consumption consumption, String group) {
    KafkaSettings share = ShareWorker.settings("worker", group, RecordingRenderer.TOPICS);
    return new GroupCheck(
        new KafkaSettings(
            share.inFlight(),
            share.retries(),
            share.handover(),
            share.worker(),
            share.topics(),
            share.attempts(),
            consumption,
            group));
  }
}
