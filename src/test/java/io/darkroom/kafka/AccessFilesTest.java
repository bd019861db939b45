package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.darkroom.LocalCertificate;
import io.darkroom.LocalKafka;
import io.darkroom.LocalStack;
import io.darkroom.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The files of {@code deploy/access}, on a real broker that refuses every operation that they do
 * not allow. {@code LeastAccessIT} runs the programs with them.
 */
class AccessFilesTest {
  private static final Path ACCESS = Path.of("deploy/access");
  private static final TopicNames NAMES = LocalStack.TOPIC_NAMES;
  private static final byte[] BODY = {'x'};
  private static final RequestCost.Source COSTS =
      (body, headers) -> new RequestCost("m", OptionalDouble.empty());

  @TempDir static Path folder;
  private static LocalKafka kafka;

  @BeforeAll
  static void startBroker() throws Exception {
    LocalCertificate certificate = LocalCertificate.create(folder);
    kafka = new LocalKafka(folder.resolve("k"), Ports.ANY, certificate, LocalKafka.CLOSED);
    try (Admin admin = Admin.create(kafka.client(LocalKafka.ADMIN))) {
      admin.createAcls(AclFile.all()).all().get();
    }
    try (Admin setup = Admin.create(kafka.client("darkroom-setup"))) {
      new TopicCreation(NAMES, 1 << 20, Duration.ofHours(24)).create(setup);
    }
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
  }

  @Test
  void theTopicsOfAWorkerPassItsCheck() throws Exception {
    for (String user : List.of("darkroom", "darkroom-setup")) {
      try (Admin admin = Admin.create(kafka.client(user))) {
        TopicCheck.Report report = new TopicCheck(NAMES, 1 << 20).check(admin);

        assertThat(report.stops()).as(user).isEmpty();
        assertThat(report.warnings()).as(user).isEmpty();
      }
    }
  }

  @Test
  void setupAddsPartitionsToTheTopicOfRequestsOnly() throws Exception {
    TopicSizes more =
        new TopicSizes(
            TopicSizes.DEFAULT.partitions() + 1,
            TopicSizes.DEFAULT.replicas(),
            TopicSizes.DEFAULT.retention());
    try (Admin setup = Admin.create(kafka.client("darkroom-setup"))) {
      TopicCreation creation = new TopicCreation(NAMES, 1 << 20, Duration.ofHours(24), more);
      assertThat(creation.grow(setup)).containsOnlyKeys(NAMES.requests());
      assertThatThrownBy(() -> setup.deleteTopics(List.of(NAMES.events())).all().get())
          .hasCauseInstanceOf(TopicAuthorizationException.class);
    }
  }

  @Test
  void aWorkerReadsRequestsInItsGroupAndWritesWhatItPublishes() throws Exception {
    read("darkroom", "darkroom", NAMES.requests().get(0));
    for (String topic :
        List.of(
            NAMES.requests().get(0),
            NAMES.retries(),
            NAMES.events(),
            NAMES.progress(),
            NAMES.deadLetters(),
            NAMES.attempts())) {
      publish("darkroom", topic);
    }
    refused("darkroom", NAMES.control());
    assertThatThrownBy(() -> read("darkroom", "darkroom", NAMES.events()))
        .isInstanceOf(TopicAuthorizationException.class);
  }

  @Test
  void aWorkerOfAShareGroupReadsAndConfiguresIt() throws Exception {
    KafkaSettings settings = ShareWorker.settings("one", "darkroom-share", NAMES);
    try (Admin admin = Admin.create(kafka.client("darkroom"))) {
      assertThat(new GroupCheck(settings).problem(admin)).isEmpty();
    }
    settings = ShareWorker.settings("one", "other", NAMES);
    try (Admin admin = Admin.create(kafka.client("darkroom"))) {
      assertThat(new GroupCheck(settings).problem(admin).orElseThrow())
          .contains("DESCRIBE_CONFIGS and ALTER_CONFIGS");
    }
  }

  @Test
  void theExporterSeesTheBacklogAndWritesNothing() throws Exception {
    for (Consumption consumption : Consumption.values()) {
      String group = consumption == Consumption.SHARE_GROUP ? "darkroom-share" : "darkroom";
      TopicBacklog.Waiting waiting =
          new TopicBacklog.Waiting(NAMES.requests(), group, consumption, false);
      try (TopicBacklog backlog = backlog(waiting)) {
        assertThat(backlog.read().lag()).hasSizeGreaterThanOrEqualTo(8);
      }
    }
    TopicBacklog.Waiting retries =
        new TopicBacklog.Waiting(
            List.of(NAMES.retries()), "darkroom-retries", Consumption.CONSUMER_GROUP, false);
    try (TopicBacklog backlog = backlog(retries)) {
      assertThat(backlog.read().lag()).isNotEmpty();
    }
    RequestHistory.read(
        kafka.client("darkroom-exporter"),
        NAMES.requests(),
        COSTS,
        Clock.systemUTC(),
        (time, cost) -> {});
    refused("darkroom-exporter", NAMES.requests().get(0));
    assertThatThrownBy(() -> read("darkroom-exporter", "darkroom", NAMES.requests().get(0)))
        .isInstanceOf(GroupAuthorizationException.class);
  }

  @Test
  void theConsolePublishesRequestsAndCancellationsOnly() throws Exception {
    publish("darkroom-console", NAMES.requests().get(0));
    publish("darkroom-console", NAMES.control());
    refused("darkroom-console", NAMES.events());
  }

  @Test
  void theConsoleListsTheWorkersOfItsGroup() throws Exception {
    Map<String, Object> client = new HashMap<>(kafka.client("darkroom"));
    client.putAll(Map.of("group.id", "darkroom", "client.id", "7@host"));
    try (GroupMembers members = members("darkroom", Consumption.CONSUMER_GROUP);
        var worker =
            new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      worker.subscribe(NAMES.requests());
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(
              () -> {
                worker.poll(Duration.ofMillis(100));
                assertThat(members.read())
                    .extracting(GroupMembers.Member::worker)
                    .containsExactly("7@host");
              });
    }
    try (GroupMembers none = members("darkroom-share", Consumption.SHARE_GROUP)) {
      assertThat(none.read()).as("no such group").isEmpty();
    }
    for (Consumption consumption : Consumption.values()) {
      try (GroupMembers other = members("other", consumption)) {
        assertThatThrownBy(other::read).hasCauseInstanceOf(GroupAuthorizationException.class);
      }
    }
  }

  private static GroupMembers members(String group, Consumption consumption) {
    return new GroupMembers(kafka.client("darkroom-console"), group, consumption);
  }

  @Test
  void aPublisherWritesRequestsAndReadsEvents() throws Exception {
    publish("publisher", NAMES.requests().get(0));
    publish("publisher", NAMES.control());
    read("publisher", "publisher", NAMES.events());
    refused("publisher", NAMES.events());
    assertThatThrownBy(() -> read("publisher", "publisher", NAMES.requests().get(0)))
        .isInstanceOf(TopicAuthorizationException.class);
  }

  @Test
  void theBrokerTakesTheQuotas() throws Exception {
    Pattern line = Pattern.compile("--entity-type users --entity-name (\\S+) --add-config (\\S+)");
    Map<ClientQuotaEntity, Map<String, Double>> wanted = new HashMap<>();
    for (String text : Files.readAllLines(ACCESS.resolve("kafka-quotas.txt"))) {
      Matcher quota = line.matcher(text);
      if (quota.matches()) {
        Map<String, Double> values = new TreeMap<>();
        for (String pair : quota.group(2).split(",", -1)) {
          values.put(pair.split("=", -1)[0], Double.valueOf(pair.split("=", -1)[1]));
        }
        wanted.put(new ClientQuotaEntity(Map.of("user", quota.group(1))), values);
      } else {
        assertThat(text).startsWith("#");
      }
    }
    assertThat(wanted).isNotEmpty();
    List<ClientQuotaAlteration> alterations = new ArrayList<>();
    wanted.forEach(
        (entity, values) ->
            alterations.add(
                new ClientQuotaAlteration(
                    entity,
                    values.entrySet().stream()
                        .map(each -> new ClientQuotaAlteration.Op(each.getKey(), each.getValue()))
                        .toList())));
    try (Admin admin = Admin.create(kafka.client(LocalKafka.ADMIN))) {
      admin.alterClientQuotas(alterations).all().get();
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(
              () ->
                  assertThat(admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get())
                      .containsAllEntriesOf(wanted));
    }
    publish("publisher", NAMES.requests().get(0));
  }

  @Test
  void thePolicyOfTheStoreHasExactlyThePermissionsOfThePage() throws Exception {
    JsonNode policy = new ObjectMapper().readTree(ACCESS.resolve("s3-policy.json").toFile());
    TreeSet<String> allowed = new TreeSet<>();
    for (JsonNode statement : policy.path("Statement")) {
      assertThat(statement.path("Effect").asText()).isEqualTo("Allow");
      JsonNode actions = statement.path("Action");
      (actions.isArray() ? actions : List.of(actions))
          .forEach(action -> allowed.add(action.asText()));
    }
    TreeSet<String> needed = new TreeSet<>();
    Pattern row = Pattern.compile("(?m)^\\| `(s3:\\w+)` \\|");
    row.matcher(Files.readString(Path.of("src/docs/broker-and-store.md")))
        .results()
        .forEach(match -> needed.add(match.group(1)));
    assertThat(allowed).isEqualTo(needed).contains("s3:PutObject");
  }

  private static TopicBacklog backlog(TopicBacklog.Waiting waiting) {
    return new TopicBacklog(
        kafka.client("darkroom-exporter"), "exporter", waiting, 10, COSTS, Clock.systemUTC());
  }

  /** Reads a topic, and commits in a group. */
  private static void read(String user, String group, String topic) {
    Map<String, Object> member = new HashMap<>(kafka.client(user));
    member.put("group.id", group);
    try (var consumer =
        new KafkaConsumer<>(member, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      TopicPartition first = new TopicPartition(topic, 0);
      consumer.assign(List.of(first));
      consumer.seekToBeginning(List.of(first));
      consumer.poll(Duration.ofSeconds(1));
      consumer.commitSync();
    }
  }

  private static void refused(String user, String topic) {
    assertThatThrownBy(() -> publish(user, topic))
        .as(user + " " + topic)
        .hasCauseInstanceOf(AuthorizationException.class);
  }

  private static void publish(String user, String topic) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            kafka.client(user), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, BODY, BODY)).get();
    }
  }
}
