package io.darkroom.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.darkroom.LocalS3;
import io.darkroom.LocalStack;
import io.darkroom.Ports;
import io.darkroom.kafka.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests worker processes that get SIGTERM while they render. */
class StoppingWorkerIT {
  private static final Duration SOON = Duration.ofMinutes(10);
  private static final int TERMINATED = 128 + 15;
  private static final String REQUEST =
      """
      {"id": "%s", "kind": "generate", "model": "emoji-32", "class_label": "flower",
       "num_images": %d, "num_inference_steps": 1000, "scheduler": {"_class_name": "ddim"}}""";

  @TempDir Path folder;
  private LocalStack stack;
  private Topics topics;
  private int port;

  @BeforeEach
  void start() throws Exception {
    stack = LocalStack.start(folder);
    topics = new Topics(stack.kafka().bootstrapServers());
    port = Ports.take("health", Ports.ANY);
  }

  @AfterEach
  void close() {
    topics.close();
    stack.close();
  }

  private PackagedWorker worker(String name, String grace) throws IOException {
    Map<String, String> settings = new HashMap<>();
    settings.put("darkroom.kafka.bootstrap-servers", stack.kafka().bootstrapServers());
    settings.put("darkroom.s3.endpoint", stack.s3().endpoint().toString());
    settings.put("darkroom.s3.path-style", "true");
    settings.put("darkroom.s3.access-key-id", LocalS3.KEYS.accessKeyId());
    settings.put("darkroom.s3.secret-access-key", LocalS3.KEYS.secretAccessKey());
    settings.put("darkroom.models", "src/main/models");
    settings.put("darkroom.engine.profile", "0s");
    settings.put("darkroom.shutdown.grace", grace);
    settings.put("quarkus.http.port", Integer.toString(port));
    return PackagedWorker.start(folder.resolve(name), settings);
  }

  private void publish(String id, int images) {
    topics.request(0, id, REQUEST.formatted(id, images), Map.of());
  }

  private void awaitProgress(String id, int events) {
    await()
        .atMost(SOON)
        .until(
            () -> {
              var progress = topics.all("darkroom.progress").get(id);
              return progress != null && progress.size() >= events;
            });
  }

  private Page page(String path) {
    return Page.get("http://localhost:" + port + "/", path);
  }

  @Test
  void healthIsAnsweredWhileAWorkerDrainsAndASecondSignalEndsItAtOnce() throws Exception {
    try (PackagedWorker worker = worker("log", "1000h")) {
      publish("lasting", 16);
      awaitProgress("lasting", 1);

      worker.process().destroy();

      await().atMost(SOON).until(() -> page("q/health/ready").status() == 503);
      assertThat(page("q/health/ready").check("models").at("/data/reason").asText())
          .isEqualTo("the worker is shutting down");
      assertThat(page("q/health/live").status()).isEqualTo(200);
      assertThat(worker.process().isAlive()).isTrue();
      worker.process().destroy();
      assertThat(worker.ends()).isTrue();
      assertThat(worker.process().exitValue()).isEqualTo(TERMINATED);
      assertThat(worker.printed()).doesNotContain("shutdown complete");
    }
  }

  @Test
  void anotherWorkerContinuesFromTheCheckpoint() throws Exception {
    publish("left", 2);
    try (PackagedWorker first = worker("first", "0s")) {
      awaitProgress("left", 2);
      first.process().destroy();
      assertThat(first.ends()).isTrue();
      assertThat(first.process().exitValue()).isEqualTo(TERMINATED);
      assertThat(first.printed()).contains("checkpoint stored", "shutdown complete unfinished=0");
    }
    try (PackagedWorker second = worker("second", "0s")) {
      await().atMost(SOON).until(() -> topics.all("darkroom.events").containsKey("left"));

      double evaluations =
          page("q/metrics").sample("darkroom_evaluations_total{model=\"emoji-32\"");
      // Two images of 1000 guided evaluations have 4000 rows.
      assertThat(evaluations).as("not from the start").isBetween(1.0, 3999.0);
      assertThat(second.printed()).doesNotContain("checkpoint ignored");
      assertThat(Topics.headers(topics.all("darkroom.events").get("left").get(0)))
          .containsEntry("ce_type", "io.darkroom.render.completed.v1");
    }
  }
}
