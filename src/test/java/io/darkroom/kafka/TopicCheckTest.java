package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.darkroom.LocalKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses a real broker that enforces the permissions of a topic that has any. */
class TopicCheckTest {
  private static final int RECORD = 1 << 20;
  private static final String MISSING =
      ": does not exist; create it, or set darkroom.kafka.create-topics=true";

  @TempDir static Path folder;
  private static LocalKafka kafka;
  private static Admin admin;

  @BeforeAll
  static void startBroker() throws Exception {
    kafka =
        new LocalKafka(
            folder,
            0,
            Map.of(
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found",
                "true"));
    admin = Admin.create(kafka.client());
  }

  @AfterAll
  static void stopBroker() {
    admin.close();
    kafka.close();
  }

  @Test
  void missingTopicsAreNamedAndOptionalOnesDoNotStopIntake() throws Exception {
    TopicCheck.Report report = new TopicCheck(names("none"), RECORD).check(admin);

    assertThat(report.stops())
        .containsExactly(
            "none.requests" + MISSING, "none.events" + MISSING, "none.dead-letters" + MISSING);
    assertThat(report.warnings())
        .containsExactly(
            "none.progress" + MISSING,
            "none.control" + MISSING,
            "none.retries" + MISSING,
            "none.attempts" + MISSING);
    assertThat(report.stop().orElseThrow()).contains("none.events", "none.dead-letters");
  }

  @Test
  void topicsThatTheWorkerCreatesPass() throws Exception {
    TopicNames names = names("created");
    TopicCreation creation = new TopicCreation(names, RECORD, Duration.ofHours(24));

    creation.create(admin);
    creation.create(admin);

    TopicCheck.Report report = new TopicCheck(names, RECORD).check(admin);
    assertThat(report.stops()).isEmpty();
    assertThat(report.warnings()).isEmpty();
    assertThat(
            admin
                .describeTopics(names.requests())
                .allTopicNames()
                .get()
                .get(names.requests().get(0))
                .partitions())
        .hasSize(8);
  }

  @Test
  void aCompactedTopicOfDeadLettersIsAnErrorAndAnyOtherAWarning() throws Exception {
    create("compacted", Map.of("cleanup.policy", "compact"));

    TopicCheck.Report report = new TopicCheck(names("compacted"), RECORD).check(admin);

    assertThat(report.stops())
        .containsExactly(
            "compacted.dead-letters: cleanup.policy must be delete, is compact: it refuses records"
                + " without a key");
    assertThat(report.warnings())
        .hasSize(5)
        .contains(
            "compacted.events: cleanup.policy must be delete, is compact: compaction removes"
                + " records that share a key");
  }

  @Test
  void aTopicWithASmallMessageLimitIsAWarning() throws Exception {
    create("narrow", Map.of("max.message.bytes", "100000"));

    TopicCheck.Report report = new TopicCheck(names("narrow"), RECORD).check(admin);

    assertThat(report.stops()).isEmpty();
    assertThat(report.warnings())
        .containsExactly(
            "narrow.events: max.message.bytes must be at least darkroom.limits.request-bytes=1048576,"
                + " is 100000",
            "narrow.dead-letters: max.message.bytes must be at least"
                + " darkroom.limits.request-bytes=1048576, is 100000");
  }

  @Test
  void aTopicOfAttemptsWithoutCompactionIsAWarning() throws Exception {
    create("plain", Map.of());
    TopicNames names = names("plain");
    TopicNames swapped =
        new TopicNames(
            names.requests(),
            names.control(),
            names.events(),
            names.progress(),
            names.deadLetters(),
            names.progress(),
            names.retries());

    assertThat(new TopicCheck(swapped, RECORD).check(admin).warnings())
        .containsExactly("plain.progress: cleanup.policy must be compact, is delete");
  }

  @Test
  void aTopicWithoutWritePermissionIsAnError() throws Exception {
    create("forbidden", Map.of());
    admin
        .createAcls(List.of(acl(AclOperation.DESCRIBE), acl(AclOperation.DESCRIBE_CONFIGS)))
        .all()
        .get();

    TopicCheck.Report report = new TopicCheck(names("forbidden"), RECORD).check(admin);

    assertThat(report.stops())
        .singleElement()
        .asString()
        .startsWith("forbidden.events: needs the permission WRITE, has DESCRIBE");
    assertThat(report.warnings()).isEmpty();
  }

  private static AclBinding acl(AclOperation operation) {
    return new AclBinding(
        new ResourcePattern(ResourceType.TOPIC, "forbidden.events", PatternType.LITERAL),
        new AccessControlEntry("User:ANONYMOUS", "*", operation, AclPermissionType.ALLOW));
  }

  private static void create(String prefix, Map<String, String> config) throws Exception {
    TopicNames names = names(prefix);
    List<NewTopic> topics = new ArrayList<>();
    for (String name :
        List.of(
            names.requests().get(0),
            names.control(),
            names.events(),
            names.progress(),
            names.deadLetters(),
            names.retries())) {
      topics.add(new NewTopic(name, 1, (short) 1).configs(config));
    }
    topics.add(
        new NewTopic(names.attempts(), 1, (short) 1).configs(Map.of("cleanup.policy", "compact")));
    admin.createTopics(topics).all().get();
    List<String> made = topics.stream().map(NewTopic::name).toList();
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> admin.listTopics().names().get().containsAll(made));
  }

  private static TopicNames names(String prefix) {
    return new TopicNames(
        List.of(prefix + ".requests"),
        prefix + ".control",
        prefix + ".events",
        prefix + ".progress",
        prefix + ".dead-letters",
        prefix + ".attempts",
        prefix + ".retries");
  }
}
