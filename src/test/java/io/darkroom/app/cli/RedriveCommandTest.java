package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.LocalKafka;
import io.darkroom.Ports;
import io.darkroom.kafka.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real broker, with topics of each test's own. */
public class RedriveCommandTest {
  @TempDir static Path folder;
  private static LocalKafka kafka;
  private static int number;

  private final Properties before = (Properties) System.getProperties().clone();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final String requests = "requests-" + number;
  private final String letters = "letters-" + number++;
  private Topics topics;

  @BeforeAll
  static void startBroker() throws Exception {
    kafka = new LocalKafka(folder, Ports.ANY);
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
  }

  @BeforeEach
  void configure() throws InterruptedException {
    kafka.createTopics(List.of(requests, letters), 2);
    topics = new Topics(kafka.client());
    System.setProperty("darkroom.kafka.bootstrap-servers", kafka.bootstrapServers());
    System.setProperty("darkroom.kafka.requests-topics", requests);
    System.setProperty("darkroom.kafka.dead-letters-topic", letters);
  }

  @AfterEach
  void restoreProperties() {
    System.setProperties(before);
    topics.close();
  }

  @Test
  void aRequestIsReturnedUnchanged() {
    letter(0, "a key", "{\"id\": \"cat\"} ", "storage", Map.of("traceparent", "t", "ce_id", "7"));

    assertThat(run("--class", "storage")).isZero();

    ConsumerRecord<byte[], byte[]> request = request("a key");
    assertThat(new String(request.value(), StandardCharsets.UTF_8)).isEqualTo("{\"id\": \"cat\"} ");
    assertThat(Topics.headers(request))
        .isEqualTo(Map.of("traceparent", "t", "ce_id", "7", "redriven-from", letters + "/0/0"));
    assertThat(out.toString())
        .contains(letters + "/0/0 class=storage id=cat message=\"what was wrong\"")
        .endsWith("1 redriven\n");
  }

  @Test
  void aSecondTimeSkipsWhatWasRedrivenAndSaysSo() {
    letter(0, "first", "{\"id\": \"first\"}", "internal", Map.of());
    assertThat(run("--all")).isZero();
    letter(1, "second", "{\"id\": \"second\"}", "internal", Map.of());

    assertThat(run("--all")).isZero();
    assertThat(out.toString()).endsWith("1 redriven, 1 skipped that were redriven before\n");
    assertThat(topics.all(requests).get("first")).hasSize(1);
    assertThat(topics.all(requests).get("second")).hasSize(1);

    assertThat(run("--id", "first", "--again")).isZero();
    assertThat(topics.all(requests).get("first")).hasSize(2);
  }

  @Test
  void aDryRunPublishesNothing() {
    letter(0, "cat", "{\"id\": \"cat\"}", "storage", Map.of());

    assertThat(run("--all", "--dry-run")).isZero();
    assertThat(out.toString()).contains("id=cat").endsWith("1 to redrive\n");
    assertThat(run("--all", "--dry-run")).isZero();
    assertThat(out.toString()).endsWith("1 to redrive\n");
    assertThat(topics.all(requests)).isEmpty();
  }

  @Test
  void onlyWhatMatchesAllOptionsIsRedriven() {
    letter(0, "k1", "{\"id\": \"team-a.1\"}", "storage", Map.of());
    letter(0, "k2", "{\"id\": \"team-a.2\"}", "invalid", Map.of());
    letter(1, "k3", "{\"id\": \"team-b.1\"}", "internal", Map.of());
    letter(1, "team-a.key", "not JSON", "storage", Map.of());

    assertThat(run("--class", "storage,internal", "--id", "team-a.*", "--since", "1h")).isZero();
    assertThat(topics.all(requests)).containsOnlyKeys("k1", "team-a.key");

    assertThat(run("--all", "--until", "1h")).isZero();
    assertThat(run("--all", "--since", "2999-01-01T00:00:00Z")).isZero();
    assertThat(topics.all(requests)).containsOnlyKeys("k1", "team-a.key");

    assertThat(run("--all", "--limit", "1")).isZero();
    assertThat(out.toString()).endsWith("1 redriven, 2 skipped that were redriven before\n");
    assertThat(topics.all(requests)).hasSize(3);
  }

  @Test
  void incompleteRequestsAreNotRedriven() {
    letter(0, "large", "", "capacity", Map.of("dl-omitted-bytes", "9999"));
    letter(0, "control", "{}", "invalid", Map.of("dl-topic", "darkroom.control"));

    assertThat(run("--all")).isZero();

    assertThat(topics.all(requests)).isEmpty();
    assertThat(err.toString())
        .isEqualTo("darkroom: " + letters + "/0/0: has no value, it was too large; skipped\n");
  }

  @Test
  void invalidOptionsAreNamed() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("--class", "broken")).isEqualTo(2);
    assertThat(run("--all", "--limit", "0")).isEqualTo(2);
    assertThat(run("--since", "yesterday")).isEqualTo(2);
    System.setProperty("darkroom.kafka.dead-letters-topic", "none");
    assertThat(run("--all")).isEqualTo(1);

    assertThat(err.toString().lines())
        .containsExactly(
            "darkroom: one of --class, --id, --since, --until and --all is required (darkroom"
                + " redrive --help for usage)",
            "darkroom: --class: must be one of invalid, conflict, input, model, capacity, numeric,"
                + " deadline, storage, divergence, internal, is broken (darkroom redrive --help for"
                + " usage)",
            "darkroom: --limit: must be 1 or more, is 0 (darkroom redrive --help for usage)",
            "darkroom: Invalid value for option '--since': 'yesterday' is not a time such as"
                + " 2026-01-31T10:00:00Z, or 2h for two hours ago (darkroom redrive --help for"
                + " usage)",
            "darkroom: " + kafka.bootstrapServers() + ": none: does not exist");
  }

  private void letter(
      int partition, String key, String value, String errorClass, Map<String, String> more) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("dl-class", errorClass);
    headers.put("dl-message", "what was wrong");
    headers.put("dl-topic", requests);
    headers.put("dl-partition", "0");
    headers.put("dl-offset", "0");
    headers.putAll(more);
    topics.publish(letters, partition, key, value, headers);
  }

  private ConsumerRecord<byte[], byte[]> request(String key) {
    List<ConsumerRecord<byte[], byte[]>> records = topics.all(requests).get(key);
    assertThat(records).hasSize(1);
    return records.get(0);
  }

  private int run(String... options) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(Stream.concat(Stream.of("redrive"), Stream.of(options)).toArray(String[]::new));
  }
}
