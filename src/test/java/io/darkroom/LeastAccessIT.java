package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.darkroom.faults.BucketPolicy;
import io.darkroom.faults.FaultProxy;
import io.darkroom.kafka.AclFile;
import io.darkroom.kafka.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the packaged programs with no more permissions than those of {@code deploy/access}: the
 * broker refuses every operation without an ACL, and a proxy in front of the store refuses every
 * action that the policy does not list.
 */
class LeastAccessIT {
  private static final Path JAR = Path.of(System.getProperty("darkroom.jar"));
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final String GROUP = "darkroom-share";
  private static final String REQUEST =
      """
      {"id": "%s", "kind": "generate", "model": "emoji-32", "class_label": "fox-face",
       "num_images": 2, "num_inference_steps": %d, "scheduler": {"_class_name": "ddim"}}""";

  @TempDir Path folder;
  private LocalKafka kafka;
  private LocalS3 s3;
  private FaultProxy proxy;
  private BucketPolicy policy;
  private Topics topics;

  @BeforeEach
  void start() throws Exception {
    LocalCertificate certificate = LocalCertificate.create(folder);
    kafka = new LocalKafka(folder.resolve("k"), Ports.ANY, certificate, LocalKafka.CLOSED);
    s3 = new LocalS3(folder.resolve("s3"), Ports.ANY);
    s3.createBucket(LocalStack.BUCKET);
    policy = new BucketPolicy(Path.of("deploy/access/s3-policy.json"));
    proxy = new FaultProxy(s3.endpoint());
    proxy.rule(policy);
    try (Admin admin = Admin.create(kafka.client(LocalKafka.ADMIN))) {
      admin.createAcls(AclFile.all()).all().get();
    }
    topics = new Topics(kafka.client("publisher"));
  }

  @AfterEach
  void close() throws IOException {
    topics.close();
    proxy.close();
    s3.close();
    kafka.close();
  }

  @Test
  void everyProgramWorksWithItsPermissionsAndNoOthers() throws Exception {
    Process setup = run("setup", "darkroom-setup", Map.of(), "setup");
    assertThat(setup.waitFor()).as(log("setup")).isZero();
    topics.request(0, "done", REQUEST.formatted("done", 20), Map.of());
    topics.request(0, "left", REQUEST.formatted("left", 1000), Map.of());

    Map<String, String> stopping = Map.of("DARKROOM_SHUTDOWN_GRACE", "0s");
    Process first = run("first", "darkroom", stopping, "run");
    await().atMost(TIMEOUT).until(() -> topics.all("darkroom.events").containsKey("done"));
    await().atMost(TIMEOUT).until(() -> topics.all("darkroom.progress").containsKey("left"));
    first.destroy();
    first.waitFor();
    assertThat(log("first")).contains("checkpoint stored");

    int port = Ports.take("exporter", Ports.ANY);
    String[] models = {"--models", "src/main/models", "--port", Integer.toString(port)};
    Process exporter = run("exporter", "darkroom-exporter", Map.of(), "exporter", models);
    try {
      await().atMost(TIMEOUT).until(() -> get(port, "/metrics"), LeastAccessIT::oneWaits);
    } finally {
      exporter.destroy();
      exporter.waitFor();
    }
    Map<String, String> shares =
        Map.of("DARKROOM_KAFKA_CONSUMPTION", "share-group", "DARKROOM_KAFKA_GROUP", GROUP);
    Process second = run("second", "darkroom", shares, "run");
    Process console = run("console", "darkroom-console", shares, "console", models);
    try {
      await().atMost(TIMEOUT).until(() -> topics.all("darkroom.events").containsKey("left"));
      await()
          .atMost(TIMEOUT)
          .until(() -> get(port, "/api/result?id=done"), text -> text.contains("emoji-32"));
      await().atMost(TIMEOUT).until(() -> live(port), LeastAccessIT::hasOneMember);
    } finally {
      console.destroy();
      console.waitFor();
      second.destroy();
      second.waitFor();
    }
    assertThat(log("first") + log("second")).doesNotContain("AuthorizationException");
    assertThat(Topics.headers(topics.all("darkroom.events").get("left").get(0)))
        .containsEntry("ce_type", "io.darkroom.render.completed.v1");
    assertThat(policy.refused()).isEmpty();
    assertThat(policy.used())
        .contains("s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:DeleteObject");
  }

  @Test
  void thePolicyIsEnforced() throws Exception {
    Process setup =
        run(
            "denied",
            "darkroom-setup",
            Map.of("DARKROOM_OUTPUT_PREFIX", "s3://other/renders/"),
            "setup");

    assertThat(setup.waitFor()).isEqualTo(1);
    assertThat(log("denied")).contains("s3://other: is not usable: needs s3:PutObject");
    assertThat(policy.refused()).isNotEmpty().allMatch(each -> each.contains(":::other"));
  }

  private static boolean oneWaits(String metrics) {
    return metrics.contains("darkroom_fleet_requests{model=\"emoji-32\"} 1.000\n");
  }

  private static boolean hasOneMember(String update) {
    return update.split("\"member\":true", -1).length == 2;
  }

  /** Returns the first update of the live page, which contains all workers. */
  private static String live(int port) throws IOException, InterruptedException {
    URI address = URI.create("http://localhost:" + port + "/api/live");
    HttpRequest request = HttpRequest.newBuilder(address).build();
    try (Stream<String> lines =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
      return lines.filter(line -> line.startsWith("data: ")).findFirst().orElseThrow();
    }
  }

  /** Starts a command of the packaged worker as a user of the broker. */
  private Process run(
      String name, String user, Map<String, String> more, String command, String... options)
      throws IOException {
    List<String> line = Jvm.java();
    line.addAll(List.of("-Djava.awt.headless=true", "-jar", JAR.toString(), command));
    line.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().putAll(environment(user));
    builder.environment().putAll(more);
    return builder
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  private Map<String, String> environment(String user) {
    Map<String, String> environment = kafka.environment(user);
    environment.put("DARKROOM_MODELS", "src/main/models");
    environment.put("DARKROOM_ENGINE_PROFILE", "0s");
    environment.putAll(LocalS3.environment(proxy.endpoint()));
    environment.put("QUARKUS_HTTP_PORT", "0");
    return environment;
  }

  private String log(String name) throws IOException {
    return Files.readString(folder.resolve(name + ".log"));
  }

  /** Returns a page; empty while the server does not answer. */
  private static String get(int port, String path) throws InterruptedException {
    URI address = URI.create("http://localhost:" + port + path);
    try {
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException notYet) {
      return "";
    }
  }
}
