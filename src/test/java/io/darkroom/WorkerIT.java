package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.darkroom.demo.DemoEnvironment;
import io.darkroom.demo.WorkerProcess;
import io.darkroom.kafka.Topics;
import io.darkroom.render.ObjectUri;
import io.darkroom.s3.S3Clients;
import io.darkroom.s3.S3ObjectStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Tests the packaged worker as a process: no request is lost or rendered twice when workers end.
 */
class WorkerIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path JAR = Path.of(System.getProperty("darkroom.jar"));
  private static final int REQUESTS = 10;
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @TempDir Path folder;

  private static String request(int i) {
    return """
    {"id": "long-%d", "kind": "generate", "model": "emoji-32", "class_label": "fox-face",
     "scheduler": {"_class_name": "%s"}, "num_inference_steps": 120, "seed": %d,
     "num_images": 2}
    """
        .formatted(i, i % 2 == 0 ? "ddim" : "euler_a", i);
  }

  @Test
  void everyRequestEndsOnceWhenWorkersStop() throws Exception {
    try (LocalStack stack = LocalStack.start(folder.resolve("stack"));
        Topics topics = new Topics(stack.kafka().bootstrapServers());
        S3Client client = S3Clients.open(stack.s3().settings())) {
      Map<String, String> environment =
          new HashMap<>(new DemoEnvironment(stack, 0).environment("src/main/models"));
      environment.put("DARKROOM_SHUTDOWN_GRACE", "1s");
      publish(topics);
      endEarly(topics, environment, "first.log", false);
      int afterStop = completed(topics).size();
      assertThat(afterStop).as("requests done before the first worker ended").isLessThan(REQUESTS);
      endEarly(topics, environment, "second.log", true);
      int console = Ports.take("console", Ports.ANY);
      environment.put("DARKROOM_CONSOLE_ENABLED", "true");
      environment.put("DARKROOM_CONSOLE_PORT", Integer.toString(console));
      try (WorkerProcess last = WorkerProcess.start(JAR, environment, folder.resolve("last.log"))) {
        await().atMost(TIMEOUT).until(() -> completed(topics).size() == REQUESTS);
        Set<String> objects = manifests(new S3ObjectStore(client));
        publish(topics);
        await().atMost(TIMEOUT).until(() -> repeated(topics));
        assertThat(manifests(new S3ObjectStore(client))).isEqualTo(objects);
        assertThat(last.alive()).isTrue();
        theConsoleShowsTheResult(URI.create("http://127.0.0.1:" + console));
      }
      allEventsOfARequestAreEqual(topics);
    }
  }

  /** Results of earlier workers are also shown. */
  private static void theConsoleShowsTheResult(URI console) throws Exception {
    JsonNode info = get(console.resolve("/api/info"));
    assertThat(info.path("worker").asBoolean()).isTrue();
    assertThat(info.path("submit").asBoolean()).isFalse();
    assertThat(info.path("models").findValuesAsText("name")).contains("emoji-32", "emoji-64");
    JsonNode results = get(console.resolve("/api/results?outcome=completed"));
    assertThat(results.path("results")).hasSize(REQUESTS);
    assertThat(get(console.resolve("/api/verify?id=long-3")).path("problems")).isEmpty();
  }

  private static JsonNode get(URI address) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(address).build();
    HttpClient browser = HttpClient.newHttpClient();
    return JSON.readTree(browser.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private static void publish(Topics topics) {
    for (int i = 0; i < REQUESTS; i++) {
      topics.request(i % 2, "long-" + i, request(i), Map.of());
    }
  }

  /** Lets a worker complete at least one request, and stops it while it renders others. */
  private void endEarly(Topics topics, Map<String, String> environment, String log, boolean byForce)
      throws Exception {
    int before = completed(topics).size();
    WorkerProcess worker = WorkerProcess.start(JAR, environment, folder.resolve(log));
    try (worker) {
      await().atMost(TIMEOUT).until(() -> completed(topics).size() > before);
      theConsoleIsOff(worker);
      if (byForce) {
        worker.kill();
      }
    }
    assertThat(worker.status()).isEqualTo(byForce ? 128 + 9 : 128 + 15);
  }

  /** A console that is off has no thread, so it has no port, and its parts are not loaded. */
  private static void theConsoleIsOff(WorkerProcess worker) throws Exception {
    String threads = jcmd(worker, "Thread.print");
    assertThat(threads).contains("\"engine\"").doesNotContain("console", "topic-feed");
    assertThat(jcmd(worker, "VM.class_hierarchy"))
        .contains("io.darkroom.app.WorkerConsole/")
        .doesNotContain(
            "io.darkroom.console.Board", "io.darkroom.console.ConsoleHandler", "net.httpserver");
  }

  private static String jcmd(WorkerProcess worker, String what) throws Exception {
    Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process asked =
        new ProcessBuilder(tool.toString(), Long.toString(worker.pid()), what)
            .redirectErrorStream(true)
            .start();
    return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static Set<String> completed(Topics topics) {
    Set<String> ids = new TreeSet<>();
    topics
        .all("darkroom.events")
        .forEach(
            (id, events) -> {
              assertThat(Topics.headers(events.get(0)).get("ce_type"))
                  .isEqualTo("io.darkroom.render.completed.v1");
              ids.add(id);
            });
    return ids;
  }

  /** Returns whether the second publication also has an event. */
  private static boolean repeated(Topics topics) {
    return topics.all("darkroom.events").values().stream().allMatch(events -> events.size() >= 2);
  }

  private static Set<String> manifests(S3ObjectStore store) {
    Set<String> all = new HashSet<>();
    for (int i = 0; i < REQUESTS; i++) {
      ObjectUri uri = new ObjectUri(LocalStack.BUCKET, "renders/long-" + i + "/manifest.json");
      all.add(new String(store.get(uri, 1 << 20).orElseThrow(), StandardCharsets.UTF_8));
    }
    return all;
  }

  private static void allEventsOfARequestAreEqual(Topics topics) throws IOException {
    for (List<ConsumerRecord<byte[], byte[]>> events : topics.all("darkroom.events").values()) {
      Set<String> ids = new HashSet<>();
      Set<JsonNode> pixels = new HashSet<>();
      for (ConsumerRecord<byte[], byte[]> event : events) {
        JsonNode data = JSON.readTree(event.value());
        ids.add(Topics.headers(event).get("ce_id"));
        pixels.add(data.path("outputs"));
      }
      assertThat(ids).as("ce_id of all events of one request").hasSize(1);
      assertThat(pixels).as("outputs of all events of one request").hasSize(1);
    }
  }
}
