package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The files of {@code deploy/access}: on a real broker that enforces these permissions, a worker's
 * topics pass the check, and other operations are refused.
 */
class AccessFilesTest {
  private static final Path ACCESS = Path.of("deploy/access");
  private static final TopicNames NAMES = LocalStack.TOPIC_NAMES;
  private static final byte[] BODY = {'x'};

  @TempDir static Path folder;
  private static LocalKafka kafka;
  private static Admin admin;

  @BeforeAll
  static void startBroker() throws Exception {
    kafka =
        new LocalKafka(
            folder,
            Ports.ANY,
            Map.of(
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found", // of resources that no line names
                "true"));
    admin = Admin.create(kafka.client());
    new TopicCreation(NAMES, 1 << 20, Duration.ofHours(24)).create(admin);
    admin.createAcls(acls()).all().get();
  }

  @AfterAll
  static void stopBroker() {
    admin.close();
    kafka.close();
  }

  @Test
  void theTopicsOfAWorkerPassItsCheck() throws Exception {
    TopicCheck.Report report = new TopicCheck(NAMES, 1 << 20).check(admin);

    assertThat(report.stops()).isEmpty();
    assertThat(report.warnings()).isEmpty();
  }

  @Test
  void aWorkerReadsRequestsInItsGroupAndWritesWhatItPublishes() throws Exception {
    Map<String, Object> member = new HashMap<>(kafka.client());
    member.put("group.id", "darkroom");
    try (var consumer =
        new KafkaConsumer<>(member, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(NAMES.requests());
      consumer.poll(Duration.ofSeconds(1));
      consumer.commitSync();
    }
    for (String topic :
        List.of(
            NAMES.requests().get(0),
            NAMES.retries(),
            NAMES.events(),
            NAMES.progress(),
            NAMES.deadLetters(),
            NAMES.attempts())) {
      publish(topic);
    }
  }

  @Test
  void theExporterSeesTheBacklog() throws Exception {
    RequestCost.Source costs = (body, headers) -> new RequestCost("m", OptionalDouble.empty());
    try (TopicBacklog backlog =
        new TopicBacklog(
            kafka.client(), NAMES.requests(), "darkroom", 10, costs, Clock.systemUTC())) {
      assertThat(backlog.read().lag()).hasSize(8);
    }
  }

  @Test
  void operationsThatAreNotListedAreRefused() {
    assertThatThrownBy(() -> publish(NAMES.control()))
        .hasCauseInstanceOf(TopicAuthorizationException.class);
    assertThatThrownBy(() -> read(NAMES.events())).isInstanceOf(TopicAuthorizationException.class);
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

  private static void read(String topic) {
    try (var consumer =
        new KafkaConsumer<>(
            kafka.client(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      TopicPartition first = new TopicPartition(topic, 0);
      consumer.assign(List.of(first));
      consumer.seekToBeginning(List.of(first));
      consumer.poll(Duration.ofSeconds(5));
    }
  }

  private static void publish(String topic) throws Exception {
    try (var producer =
        new KafkaProducer<>(kafka.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, BODY, BODY)).get();
    }
  }

  /** The lines of the file, for the one user of this broker. */
  private static List<AclBinding> acls() throws Exception {
    List<AclBinding> acls = new ArrayList<>();
    for (String line : Files.readAllLines(ACCESS.resolve("kafka-acls.txt"))) {
      if (!line.startsWith("#")) {
        acls(line.split(" ", -1), acls);
      }
    }
    assertThat(acls).hasSizeGreaterThan(10);
    return acls;
  }

  private static void acls(String[] words, List<AclBinding> acls) {
    List<AclOperation> operations = new ArrayList<>();
    ResourcePattern resource = null;
    for (int i = 0; i + 1 < words.length; i += 2) {
      switch (words[i]) {
        case "--allow-principal" -> assertThat(words[i + 1]).isEqualTo("User:darkroom");
        case "--operation" ->
            operations.add(AclOperation.valueOf(words[i + 1].toUpperCase(Locale.ROOT)));
        case "--topic" -> resource = resource(ResourceType.TOPIC, words[i + 1]);
        case "--group" -> resource = resource(ResourceType.GROUP, words[i + 1]);
        default -> throw new AssertionError("unknown option " + words[i]);
      }
    }
    for (AclOperation operation : operations) {
      AccessControlEntry entry =
          new AccessControlEntry("User:ANONYMOUS", "*", operation, AclPermissionType.ALLOW);
      acls.add(new AclBinding(resource, entry));
    }
  }

  private static ResourcePattern resource(ResourceType type, String name) {
    return new ResourcePattern(type, name, PatternType.LITERAL);
  }
}
