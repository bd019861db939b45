package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.darkroom.demo.WorkerProcess;
import io.darkroom.kafka.Topics;
import io.darkroom.s3.S3Clients;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Tests a worker whose broker and store accept only clients that trust the local authority and have
 * the right name and password. All clients of the worker are used, and its model is in the store.
 */
class SecuredWorkerIT {
  private static final Path MODEL = Path.of("src/main/models/emoji-32");
  private static final Path JAR = Path.of(System.getProperty("darkroom.jar"));
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final HttpResponse.BodyHandler<Void> DISCARDING =
      HttpResponse.BodyHandlers.discarding();
  private static final String REQUEST =
      """
      {"id": "%s", "kind": "generate", "model": "emoji-32", "class_label": "fox-face",
       "num_inference_steps": 20, "scheduler": {"_class_name": "ddim"}, "seed": 1}""";

  @TempDir Path folder;

  @Test
  void everyClientOfTheWorkerUsesTlsAndItsNameAndPassword() throws Exception {
    LocalCertificate certificate = LocalCertificate.create(folder);
    int port = Ports.take("http", Ports.ANY);
    try (LocalKafka kafka = new LocalKafka(folder.resolve("kafka"), Ports.ANY, certificate);
        LocalS3 s3 = new LocalS3(folder.resolve("s3"), Ports.ANY, certificate)) {
      kafka.createTopics(LocalStack.TOPICS, 2);
      s3.createBucket(LocalStack.BUCKET);
      s3.createBucket("models");
      upload(s3);
      try (Topics topics = new Topics(kafka.client())) {
        topics.control(0, "taken-back", "{\"request_id\": \"taken-back\", \"action\": \"cancel\"}");
        topics.control(1, "odd", "{\"action\": \"dance\"}");
        topics.request(0, "taken-back", REQUEST.formatted("taken-back"), Map.of());
        topics.request(1, "fox", REQUEST.formatted("fox"), Map.of());
        try (WorkerProcess worker =
            WorkerProcess.start(
                JAR, environment(kafka, s3, certificate, port), folder.resolve("worker.log"))) {
          // requests, events and the control topic's reader
          await().atMost(TIMEOUT).until(() -> topics.all("darkroom.events").size() == 2);
          assertThat(type(topics, "taken-back")).isEqualTo("io.darkroom.render.cancelled.v1");
          assertThat(type(topics, "fox")).isEqualTo("io.darkroom.render.completed.v1");
          // progress, the control topic's audit and dead letters
          await().atMost(TIMEOUT).until(() -> topics.all("darkroom.progress").containsKey("fox"));
          await().atMost(TIMEOUT).until(() -> topics.all("darkroom.dead-letters").size() == 1);
          // health of broker and store
          await().atMost(TIMEOUT).until(() -> ready(port, certificate) == 200);
          assertThatThrownBy(() -> HttpClient.newHttpClient().send(ready(port), DISCARDING))
              .as("a client that does not trust the authority")
              .isInstanceOf(SSLException.class);
          assertThat(worker.alive()).isTrue();
        }
      }
    }
  }

  /** Puts the model into a bucket. */
  private static void upload(LocalS3 s3) throws IOException {
    try (S3Client client = S3Clients.open(s3.settings());
        Stream<Path> files = Files.walk(MODEL)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String key = "served/emoji-32/" + MODEL.relativize(file);
        client.putObject(put -> put.bucket("models").key(key), file);
      }
    }
  }

  /** The keys of the documentation, as environment variables. */
  private static Map<String, String> environment(
      LocalKafka kafka, LocalS3 s3, LocalCertificate certificate, int port) {
    Map<String, String> environment = kafka.environment(LocalKafka.WORKER);
    environment.put("DARKROOM_MODELS", "s3://models/served/");
    environment.put(
        "DARKROOM_MODELS_CACHE_FOLDER", certificate.pem().resolveSibling("c").toString());
    environment.putAll(LocalS3.environment(s3.endpoint()));
    environment.put("DARKROOM_S3_SESSION_TOKEN", "token-of-an-hour");
    environment.put("DARKROOM_S3_CA_CERTIFICATES", certificate.pem().toString());
    environment.put("QUARKUS_HTTP_SSL_PORT", Integer.toString(port));
    environment.put("QUARKUS_HTTP_INSECURE_REQUESTS", "disabled");
    environment.put("QUARKUS_HTTP_SSL_CERTIFICATE_FILES", certificate.pem().toString());
    environment.put("QUARKUS_HTTP_SSL_CERTIFICATE_KEY_FILES", certificate.key().toString());
    return environment;
  }

  private static String type(Topics topics, String id) {
    return Topics.headers(topics.all("darkroom.events").get(id).get(0)).get("ce_type");
  }

  private static int ready(int port, LocalCertificate certificate) throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(certificate.trust()).build();
    return client.send(ready(port), DISCARDING).statusCode();
  }

  private static HttpRequest ready(int port) {
    URI uri = URI.create("https://localhost:" + port + "/q/health/ready");
    return HttpRequest.newBuilder(uri).build();
  }
}
