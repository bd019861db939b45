package io.darkroom.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.kafka.Topics;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Tests health, log, trace and metrics of a worker, in one application. */
@QuarkusTest
@TestProfile(WholeWorker.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ObservedWorkerIT {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT_ID = "00f067aa0ba902b7";
  private static final String PROMPT = "crown of a forgotten zebra";
  private static final String REQUEST =
      """
      {"id": "%s", "kind": "generate", "model": "emoji-64", "prompt": "%s",
       "num_inference_steps": 4, "guidance_scale": 3.0, "scheduler": {"_class_name": "ddim"}}""";
  private static final String LONG =
      """
      {"id": "%s", "kind": "generate", "model": "emoji-32", "class_label": "flower",
       "num_images": 8, "num_inference_steps": 500, "guidance_scale": 2.0,
       "scheduler": {"_class_name": "ddim"}}""";

  private static final int SHOWN_STEPS = 200;
  private static final String SHOWN =
      """
      {"id": "shown", "kind": "generate", "model": "emoji-64", "prompt": "panda face",
       "num_inference_steps": %d, "guidance_scale": 3.0, "preview_every": 20,
       "scheduler": {"_class_name": "ddim"}}"""
          .formatted(SHOWN_STEPS);

  @TestHTTPResource("/")
  URI base;

  @Inject InMemorySpanExporter spans;

  @Inject ObjectStore store;

  @ConfigProperty(name = "darkroom.kafka.bootstrap-servers")
  String bootstrapServers;

  @ConfigProperty(name = WorkerStack.BUCKET_FOLDER)
  Path bucket;

  private Topics topics;
  private LogLines log;

  @BeforeEach
  void begin() {
    topics = new Topics(bootstrapServers);
    log = new LogLines();
    await().atMost(SOON).until(() -> get("q/health/ready").status() == 200);
  }

  @AfterEach
  void end() {
    log.close();
    topics.close();
  }

  private Page get(String path) {
    return Page.get(base.toString(), path);
  }

  private void publish(String key, String value) {
    topics.request(0, key, value, Map.of("content-type", "application/json"));
  }

  private ConsumerRecord<byte[], byte[]> event(String id, int number) {
    await().atMost(SOON).until(() -> events(id).size() >= number);
    return events(id).get(number - 1);
  }

  private List<ConsumerRecord<byte[], byte[]>> events(String id) {
    return topics.all("darkroom.events").getOrDefault(id, List.of());
  }

  @Test
  @Order(1)
  void aServingWorkerIsHealthy() {
    Page ready = get("q/health/ready");
    assertThat(ready.check("models").at("/data/served").asText())
        .isEqualTo("drums-8k, emoji-32, emoji-64, emoji-sr4, mixture-1d");
    assertThat(ready.check("store").at("/status").asText()).isEqualTo("UP");
    assertThat(ready.check("broker").at("/status").asText()).isEqualTo("UP");
    assertThat(get("q/health/started").check("worker").at("/status").asText()).isEqualTo("UP");
    assertThat(get("q/health/live").check("engine").at("/status").asText()).isEqualTo("UP");
    assertThat(get("q/health/live").check("control").at("/status").asText()).isEqualTo("UP");
  }

  @Test
  @Order(2)
  void aWorkerWithoutItsBucketReportsIt() throws IOException {
    Path away = bucket.resolveSibling("away");
    Files.move(bucket, away);
    publish("early", REQUEST.formatted("early", "crown"));

    try {
      await().atMost(SOON).until(() -> get("q/health/ready").status() == 503);
      Page ready = get("q/health/ready");
      assertThat(ready.check("store").at("/data/reason").asText()).startsWith("s3://darkroom: ");
      assertThat(ready.check("broker").at("/status").asText()).isEqualTo("UP");
      // The worker may have stopped its intake before it read the request, so the test reads.
      ObjectUri input = new ObjectUri("darkroom", "inputs/early.png");
      assertThatThrownBy(() -> store.get(input, 1)).isInstanceOf(ObjectStore.StoreFailure.class);
      assertThat(get("q/metrics").sample("darkroom_store_errors_total{operation=\"get\""))
          .isPositive();
    } finally {
      Files.move(away, bucket);
    }
    await().atMost(SOON).until(() -> get("q/health/ready").status() == 200);
    event("early", 1);
  }

  @Test
  @Order(3)
  void aRequestIsOneSpanWithAChildPerPhase() {
    topics.request(
        0,
        "traced",
        REQUEST.formatted("traced", PROMPT),
        Map.of(
            "content-type",
            "application/json",
            "traceparent",
            "00-" + TRACE_ID + "-" + PARENT_ID + "-01"));

    String header = Topics.headers(event("traced", 1)).get("traceparent");
    await().atMost(SOON).until(() -> ofTrace().size() == 7);
    SpanData request =
        ofTrace().stream().filter(span -> span.getName().equals("render")).findAny().orElseThrow();
    assertThat(header).isEqualTo("00-" + TRACE_ID + "-" + request.getSpanId() + "-01");
    assertThat(request.getParentSpanId()).isEqualTo(PARENT_ID);
    assertThat(ofTrace())
        .filteredOn(span -> span != request)
        .allSatisfy(
            span -> {
              assertThat(span.getParentSpanId()).isEqualTo(request.getSpanId());
              assertThat(span.getStartEpochNanos())
                  .isGreaterThanOrEqualTo(request.getStartEpochNanos());
            })
        .extracting(SpanData::getName)
        .containsExactly("prepare", "queued", "denoise", "decode", "encode", "upload");
    assertThat(request.getAttributes().toString()).contains("completed").doesNotContain("zebra");
  }

  private List<SpanData> ofTrace() {
    return spans.getFinishedSpanItems().stream()
        .filter(span -> span.getTraceId().equals(TRACE_ID))
        .sorted(Comparator.comparingLong(SpanData::getStartEpochNanos))
        .toList();
  }

  @Test
  @Order(4)
  void aSettledRequestIsOneLineWithoutItsPrompt() {
    publish("logged", REQUEST.formatted("logged", PROMPT));
    event("logged", 1);
    publish("forged", "{\"id\": \"x\\nERROR worker ends\", \"prompt\": \"" + PROMPT + "\"}");
    publish("broken", "\"" + PROMPT + "\nERROR worker ends");
    String source = "source=darkroom\\.requests/0/\\d+";

    await().atMost(SOON).until(() -> log.lines().size() >= 3);
    assertThat(log.lines())
        .allSatisfy(line -> assertThat(line).doesNotContain("zebra", "\n"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .matches(
                        "request finished job=logged kind=generate model=emoji-64 "
                            + "outcome=completed class=none millis=\\d+ "
                            + source))
        .filteredOn(line -> line.contains("outcome=rejected class=invalid"))
        .hasSize(2);
  }

  @Test
  @Order(5)
  void aPreviewIsStoredAndAnnouncedWhileItsPictureIsUnderWay() throws IOException {
    publish("shown", SHOWN);
    String manifest = new String(event("shown", 1).value(), StandardCharsets.UTF_8);
    await().atMost(SOON).until(() -> lastIsTold("shown"));
    List<JsonNode> previews =
        progress("shown").map(each -> each.path("preview")).filter(JsonNode::isObject).toList();

    assertThat(previews).isNotEmpty();
    int before = 0;
    for (JsonNode preview : previews) {
      int step = preview.path("step").asInt();
      assertThat(step % 20).isZero();
      assertThat(step).isGreaterThan(before);
      before = step;
      String uri = preview.path("uri").asText();
      assertThat(uri).isEqualTo("s3://darkroom/renders/shown/previews/0-" + step + ".png");
      byte[] file = store.get(ObjectUri.parse(uri), 1 << 20).orElseThrow();
      assertThat(file).hasSize(preview.path("bytes").asInt());
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
      assertThat(image.getWidth()).isEqualTo(preview.path("width").asInt()).isEqualTo(16);
      assertThat(image.getHeight()).isEqualTo(preview.path("height").asInt()).isEqualTo(16);
    }
    assertThat(manifest).doesNotContain("previews/");
    assertThat(get("q/metrics").sample("darkroom_previews_total{outcome=\"published\""))
        .isEqualTo(previews.size());
  }

  private Stream<JsonNode> progress(String id) {
    return topics.all("darkroom.progress").getOrDefault(id, List.of()).stream()
        .map(each -> Page.json(each.value()));
  }

  private boolean lastIsTold(String id) {
    return progress(id).anyMatch(each -> each.path("evaluations_done").asInt() == SHOWN_STEPS);
  }

  @Test
  @Order(6)
  void everyMetricChanges() {
    Page before = get("q/metrics");
    publish("counted", REQUEST.formatted("counted", PROMPT));
    event("counted", 1);
    publish("counted", REQUEST.formatted("counted", PROMPT));
    publish("strange", REQUEST.formatted("strange", PROMPT).replace("emoji-64", "nosuch-model"));
    event("counted", 2);
    event("strange", 1);
    Page after = get("q/metrics");

    counts(before, after);
    publish("long-1", LONG.formatted("long-1"));
    publish("long-2", LONG.formatted("long-2"));
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> holds(get("q/metrics")));
  }

  private static void counts(Page before, Page after) {
    String requests = "darkroom_requests_total{class=\"%s\",kind=\"generate\",model=\"%s\",";
    String sound = requests.formatted("none", "emoji-64");
    assertThat(more(before, after, sound + "outcome=\"completed\"")).isEqualTo(1);
    assertThat(more(before, after, sound + "outcome=\"reused\"")).isEqualTo(1);
    assertThat(more(before, after, requests.formatted("model", "other") + "outcome=\"rejected\""))
        .isEqualTo(1);
    assertThat(after.body()).doesNotContain("nosuch-model");
    for (String ofModel : List.of("darkroom_evaluations_total", "darkroom_call_rows_sum")) {
      assertThat(more(before, after, ofModel + "{model=\"emoji-64\"")).as(ofModel).isEqualTo(8);
    }
    for (String ofModel : List.of("call_rows_count", "call_seconds_count", "call_requests_count")) {
      assertThat(more(before, after, "darkroom_" + ofModel + "{model=\"emoji-64\""))
          .as(ofModel)
          .isEqualTo(4);
    }
    assertThat(more(before, after, "darkroom_call_fill_ratio_sum{model=\"emoji-64\""))
        .isBetween(0.999, 1.001);
    assertThat(more(before, after, "darkroom_call_seconds_sum{model=\"emoji-64\"")).isPositive();
    assertThat(after.sample("darkroom_evaluation_milliseconds{model=\"emoji-64\"")).isPositive();
    for (String operation : List.of("get", "put", "put_if_absent")) {
      String label = "{operation=\"" + operation + "\"";
      assertThat(more(before, after, "darkroom_store_request_seconds_count" + label)).isPositive();
      assertThat(more(before, after, "darkroom_store_request_seconds_sum" + label)).isPositive();
      assertThat(more(before, after, "darkroom_store_bytes_total" + label)).isPositive();
    }
    for (String phase : List.of("prepare", "queued", "denoise", "decode", "encode", "upload")) {
      String label = "{phase=\"" + phase + "\"";
      assertThat(more(before, after, "darkroom_phase_seconds_count" + label)).isEqualTo(1);
    }
    assertThat(more(before, after, "darkroom_request_seconds_count")).isEqualTo(3);
    assertThat(after.sample("darkroom_self_test_exact{model=\"emoji-32\",tier=\"exact\""))
        .isEqualTo(1);
    assertThat(after.body()).contains("darkroom_models_left_out 0.0");
  }

  @Test
  @Order(7)
  void everyDocumentedMetricHasADescription() throws IOException {
    String page = get("q/metrics").body();
    Matcher names =
        Pattern.compile("`(darkroom_[a-z_]+)`")
            .matcher(Files.readString(Path.of("src/docs/monitoring.md")));
    // The exporter has the metrics of a fleet.
    for (String metric : names.results().map(found -> found.group(1)).toList()) {
      if (metric.startsWith("darkroom_fleet_")) {
        continue;
      }
      // OpenMetrics omits the suffix.
      String name = metric.replaceAll("_total$", "");
      assertThat(page).containsPattern("(?m)^# HELP " + name + "(_total)? \\S");
    }
    assertThat(page.lines().filter(line -> line.startsWith("# HELP darkroom_")))
        .allSatisfy(line -> assertThat(line).matches("# HELP \\S+ \\S.*"));
  }

  private static double more(Page before, Page after, String sample) {
    return after.sample(sample) - before.sample(sample);
  }

  private static void holds(Page now) {
    assertThat(now.sample("darkroom_slots_used")).isEqualTo(4);
    assertThat(now.sample("darkroom_slots_limit")).isEqualTo(4);
    assertThat(now.sample("darkroom_records_held")).isEqualTo(2);
    assertThat(now.sample("darkroom_records_waiting")).isEqualTo(2);
    assertThat(now.sample("darkroom_queue_age_seconds")).isPositive();
    assertThat(now.sample("darkroom_bucket_rows{model=\"emoji-32\",sample=\"3x32x32\""))
        .isEqualTo(8);
    assertThat(now.sample("darkroom_backlog_device_seconds{model=\"emoji-32\"")).isPositive();
  }
}
