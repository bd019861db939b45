package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.darkroom.demo.DemoEnvironment;
import io.darkroom.demo.WorkerProcess;
import io.darkroom.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the packaged worker stops cancelled requests, at any time of the cancellation. */
class CancellationIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path JAR = Path.of(System.getProperty("darkroom.jar"));
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final int LONG = 1000 * 2 * 8;

  @TempDir Path folder;
  private Topics topics;

  private static String request(String id, int steps, int images, String more) {
    return """
        {"id": "%s", "kind": "generate", "model": "emoji-32", "class_label": "fox-face",
         "guidance_scale": 2, "num_inference_steps": %d, "num_images": %d%s}
        """
        .formatted(id, steps, images, more);
  }

  private static String cancel(String id) {
    return "{\"request_id\": \"%s\", \"action\": \"cancel\"}".formatted(id);
  }

  @Test
  void aCancellationWorksBeforeAndDuringARenderAndBeforeTheWorkerStarts() throws Exception {
    try (LocalStack stack = LocalStack.start(folder.resolve("stack"));
        Topics client = new Topics(stack.kafka().bootstrapServers())) {
      topics = client;
      Map<String, String> environment =
          new DemoEnvironment(stack, 0).environment("src/main/models");
      topics.control(0, "before-the-worker", cancel("before-the-worker"));
      topics.control(1, "bad", "pause, please");
      topics.request(0, "before-the-worker", request("before-the-worker", 1000, 8, ""), Map.of());
      try (WorkerProcess worker =
          WorkerProcess.start(JAR, environment, folder.resolve("worker.log"))) {
        assertThat(cancelled("before-the-worker")).isZero();

        topics.control(1, "before-its-request", cancel("before-its-request"));
        // A cancellation that was read before its request applies to it.
        topics.control(1, "worse", "{}");
        await().atMost(TIMEOUT).until(() -> deadLetters().size() == 2);
        topics.request(
            1, "before-its-request", request("before-its-request", 1000, 8, ""), Map.of());
        assertThat(cancelled("before-its-request")).isLessThan(LONG);

        topics.request(0, "running", request("running", 1000, 8, ""), Map.of());
        topics.request(1, "other", request("other", 5, 1, ""), Map.of());
        await().atMost(TIMEOUT).until(() -> topics.all("darkroom.progress").containsKey("running"));
        topics.control(0, "running", cancel("running"));
        assertThat(cancelled("running")).isBetween(2L, LONG - 1L);
        assertThat(end("other").type()).isEqualTo("completed");

        Instant deadline = Instant.now().plusSeconds(3);
        String late = ", \"deadline\": \"" + deadline + "\"";
        topics.request(0, "late", request("late", 1000, 8, late), Map.of());
        JsonNode failed = end("late").data();
        assertThat(failed.path("error").path("class").asText()).isEqualTo("deadline");
        assertThat(failed.path("model_evaluations").asLong()).isBetween(2L, LONG - 1L);
        assertThat(worker.alive()).isTrue();
      }
      everyUnknownMessageWasKeptOnce();
    }
  }

  private void everyUnknownMessageWasKeptOnce() {
    Map<String, List<ConsumerRecord<byte[], byte[]>>> letters = deadLetters();
    assertThat(letters).containsOnlyKeys("bad", "worse");
    letters.values().forEach(kept -> assertThat(kept).hasSize(1));
    ConsumerRecord<byte[], byte[]> bad = letters.get("bad").get(0);
    assertThat(new String(bad.value(), StandardCharsets.UTF_8)).isEqualTo("pause, please");
    assertThat(Topics.headers(bad))
        .containsEntry("dl-class", "invalid")
        .containsEntry("dl-topic", "darkroom.control")
        .containsEntry("dl-partition", "1")
        .containsEntry("dl-offset", "0");
  }

  private Map<String, List<ConsumerRecord<byte[], byte[]>>> deadLetters() {
    return topics.all("darkroom.dead-letters");
  }

  /** Returns the evaluations that a cancelled event reports. */
  private long cancelled(String id) throws Exception {
    End end = end(id);
    assertThat(end.type()).as(id).isEqualTo("cancelled");
    return end.data().path("model_evaluations").asLong();
  }

  private record End(String type, JsonNode data) {}

  private End end(String id) throws Exception {
    await().atMost(TIMEOUT).until(() -> topics.all("darkroom.events").containsKey(id));
    List<ConsumerRecord<byte[], byte[]>> events = topics.all("darkroom.events").get(id);
    assertThat(events).as(id).hasSize(1);
    String type = Topics.headers(events.get(0)).get("ce_type");
    return new End(type.split("\\.", -1)[3], JSON.readTree(events.get(0).value()));
  }
}
