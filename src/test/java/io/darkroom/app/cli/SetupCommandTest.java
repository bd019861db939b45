package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.LocalKafka;
import io.darkroom.LocalS3;
import io.darkroom.Ports;
import io.darkroom.kafka.TopicState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real broker and a real store, with topics and a bucket of each test's own. */
public class SetupCommandTest {
  private static final Map<String, String> TOPICS =
      Map.of(
          "requests-topics", "requests",
          "events-topic", "events",
          "progress-topic", "progress",
          "control-topic", "control",
          "dead-letters-topic", "dead-letters",
          "attempts-topic", "attempts",
          "retries-topic", "retries");

  @TempDir static Path folder;
  private static LocalKafka kafka;
  private static LocalS3 store;
  private static Admin admin;

  private final Properties before = (Properties) System.getProperties().clone();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws Exception {
    kafka = new LocalKafka(folder.resolve("kafka"), Ports.ANY);
    store = new LocalS3(folder.resolve("s3"), Ports.ANY);
    admin = Admin.create(kafka.client());
  }

  @AfterAll
  static void stop() {
    admin.close();
    store.close();
    kafka.close();
  }

  @AfterEach
  void restoreProperties() {
    System.setProperties(before);
  }

  @Test
  void missingTopicsAndBucketAreCreatedOnce() throws Exception {
    configure("first");
    String[] setup = {"--partitions", "3", "--retention", "14d", "--create-bucket"};

    assertThat(run(setup)).isZero();
    assertThat(rows())
        .containsEntry("first.requests", "created|3|1|delete|14 d|2097152")
        .containsEntry("first.events", "created|1|1|delete|14 d|2097152")
        .containsEntry("first.dead-letters", "created|1|1|delete|14 d|2097152")
        .containsEntry("first.retries", "created|1|1|delete|14 d|2097152")
        .containsEntry("first.progress", "created|1|1|delete|1 d|1048588")
        .containsEntry("first.control", "created|1|1|delete|1 d|1048588")
        .containsEntry("first.attempts", "created|1|1|compact|last of a key|1048588");
    assertThat(out.toString()).endsWith("s3://first: created, usable\n");
    assertThat(err.toString()).isEmpty();

    Map<String, String> created = rows();
    out.getBuffer().setLength(0);
    assertThat(run(setup)).isZero();
    created.replaceAll((topic, row) -> row.replace("created", "exists"));
    assertThat(rows()).isEqualTo(created);
    assertThat(out.toString()).endsWith("s3://first: exists, usable\n");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void partitionsAreAddedAndNeverRemoved() throws Exception {
    configure("grown");
    store.createBucket("grown");
    assertThat(run("--partitions", "2")).isZero();
    out.getBuffer().setLength(0);

    assertThat(run("--partitions", "5")).isZero();
    assertThat(rows()).containsEntry("grown.requests", row("had 2 partitions", 5, "7 d"));
    assertThat(TopicState.of(admin, List.of("grown.requests")).get(0).partitions()).isEqualTo(5);
    out.getBuffer().setLength(0);

    assertThat(run("--partitions", "1")).isZero();
    assertThat(rows()).containsEntry("grown.requests", row("exists", 5, "7 d"));
  }

  @Test
  void anExistingTopicIsKeptAndItsFaultsAreNamed() throws Exception {
    configure("kept");
    store.createBucket("kept");
    NewTopic narrow = new NewTopic("kept.events", 2, (short) 1);
    admin.createTopics(List.of(narrow.configs(Map.of("max.message.bytes", "9999")))).all().get();

    assertThat(run()).isZero();

    assertThat(rows()).containsEntry("kept.events", "exists|2|1|delete|7 d|9999");
    assertThat(err.toString())
        .isEqualTo(
            "darkroom: warning: kept.events: max.message.bytes must be at least"
                + " darkroom.limits.request-bytes=1048576, is 9999\n");
  }

  @Test
  void aBucketIsNotCreatedUnasked() throws Exception {
    configure("absent");

    assertThat(run()).isEqualTo(1);

    assertThat(err.toString())
        .isEqualTo(
            "darkroom: s3://absent: is not usable: 404 NoSuchBucket"
                + " (--create-bucket creates the bucket)\n");
    assertThat(rows()).hasSize(TOPICS.size());
  }

  @Test
  void aBrokerThatDoesNotAnswerIsNamed() {
    configure("away");
    String nowhere = "localhost:" + Ports.take("nothing", Ports.ANY);
    System.setProperty("darkroom.kafka.bootstrap-servers", nowhere);

    assertThat(run("--create-bucket")).isEqualTo(1);

    assertThat(err.toString()).startsWith("darkroom: " + nowhere + ": TimeoutException: ");
    assertThat(out.toString()).isEqualTo("s3://away: created, usable\n");
  }

  @Test
  void sizesThatNoTopicHasAreRefused() {
    assertThat(run("--partitions", "0")).isEqualTo(2);
    assertThat(run("--replicas", "0")).isEqualTo(2);
    assertThat(run("--retention", "long")).isEqualTo(2);

    assertThat(err.toString().lines())
        .containsExactly(
            "darkroom: --partitions: must be 1 or more, is 0 (darkroom setup --help for usage)",
            "darkroom: --replicas: must be 1 or more, is 0 (darkroom setup --help for usage)",
            "darkroom: Invalid value for option '--retention': 'long' is not a duration such as"
                + " 14d or 36h (darkroom setup --help for usage)");
  }

  /** Topics and the bucket get the name. */
  private static void configure(String name) {
    TOPICS.forEach((key, topic) -> System.setProperty("darkroom.kafka." + key, name + "." + topic));
    System.setProperty("darkroom.kafka.bootstrap-servers", kafka.bootstrapServers());
    System.setProperty("darkroom.output.prefix", "s3://" + name + "/renders/");
    System.setProperty("darkroom.s3.endpoint", store.endpoint().toString());
    System.setProperty("darkroom.s3.path-style", "true");
    System.setProperty("darkroom.s3.access-key-id", LocalS3.KEYS.accessKeyId());
    System.setProperty("darkroom.s3.secret-access-key", LocalS3.KEYS.secretAccessKey());
  }

  private int run(String... options) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(Stream.concat(Stream.of("setup"), Stream.of(options)).toArray(String[]::new));
  }

  private static String row(String state, int partitions, String retention) {
    return state + "|" + partitions + "|1|delete|" + retention + "|2097152";
  }

  /** The cells after the name of each topic. */
  private Map<String, String> rows() {
    Map<String, String> rows = new TreeMap<>();
    out.toString()
        .lines()
        .filter(line -> line.contains("."))
        .map(line -> line.replaceAll("\\s*\\|\\s*", "|").strip())
        .filter(line -> line.startsWith("|") && !line.startsWith("|topic"))
        .forEach(
            line -> {
              String[] cells = line.substring(1, line.length() - 1).split("\\|", 2);
              rows.put(cells[0], cells[1]);
            });
    return rows;
  }
}
