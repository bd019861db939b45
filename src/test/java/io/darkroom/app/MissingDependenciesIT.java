package io.darkroom.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.darkroom.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a worker without its dependencies reports this in its log, its health and its exit
 * status.
 */
class MissingDependenciesIT {
  private static final Duration SOON = Duration.ofMinutes(2);

  @TempDir Path folder;

  @Test
  void aWorkerThatFailsEndsWithStatus1AndPrintsTheReason()
      throws IOException, InterruptedException {
    Path models = Files.createDirectory(folder.resolve("models"));
    Map<String, String> settings =
        Map.of("quarkus.http.port", "0", "darkroom.models", models.toString());
    try (var worker = PackagedWorker.start(folder.resolve("log"), settings)) {
      assertThat(worker.ends()).as("ended").isTrue();
      assertThat(worker.printed())
          .contains("worker ends reason=\"no model package is served")
          .containsOnlyOnce(" darkroom.engine.rows-per-call=8 ")
          .contains("darkroom.s3.secret-access-key=***")
          .doesNotContain("hush-hush");
      assertThat(worker.process().exitValue()).isEqualTo(1);
    }
  }

  @Test
  void aWorkerWithoutItsFolderOfModelsNamesTheKey() throws IOException, InterruptedException {
    Path nowhere = folder.resolve("nowhere");
    Map<String, String> settings =
        Map.of("quarkus.http.port", "0", "darkroom.models", nowhere.toString());
    try (var worker =
        PackagedWorker.start(
            folder.resolve("log"), settings, Map.of("DARKROOM_ENGINE_SLOT", "4"))) {
      assertThat(worker.ends()).as("ended").isTrue();
      assertThat(worker.printed())
          .contains(
              "worker ends reason=\"darkroom.models: must be a folder of model packages that can be"
                  + " read, is "
                  + nowhere)
          .contains("DARKROOM_ENGINE_SLOT: unknown key, has no effect")
          .doesNotContain("\tat ");
      assertThat(worker.process().exitValue()).isEqualTo(1);
    }
  }

  @Test
  void aWorkerWithHalfOfItsKeysNamesThem() throws IOException, InterruptedException {
    Map<String, String> settings =
        Map.of(
            "quarkus.http.port", "0",
            "darkroom.models", "src/main/models",
            "darkroom.s3.secret-access-key", "");
    try (var worker = PackagedWorker.start(folder.resolve("log"), settings)) {
      assertThat(worker.ends()).as("ended").isTrue();
      assertThat(worker.printed())
          .contains(
              "worker ends reason=\"darkroom.s3: access-key-id and secret-access-key must be set"
                  + " together, the second is missing")
          .doesNotContain("model loaded", "\tat ");
      assertThat(worker.process().exitValue()).isEqualTo(1);
    }
  }

  @Test
  void aPortInUseIsFoundBeforeModelsAreLoaded() throws IOException, InterruptedException {
    try (ServerSocket other = new ServerSocket(0)) {
      Map<String, String> settings =
          Map.of(
              "quarkus.http.port",
              Integer.toString(other.getLocalPort()),
              "darkroom.models",
              "src/main/models");
      try (var worker = PackagedWorker.start(folder.resolve("log"), settings)) {
        assertThat(worker.ends()).as("ended").isTrue();
        assertThat(worker.printed())
            .contains("worker ends reason=\"quarkus.http.port: must be a port that is free on")
            .doesNotContain("model loaded", "\tat ");
        assertThat(worker.process().exitValue()).isEqualTo(1);
      }
    }
  }

  @Test
  void aWorkerWithoutBrokerAndStoreIsNotReadyAndItsLogIsJson() throws IOException {
    int port = Ports.take("health", Ports.ANY);
    Map<String, String> settings =
        Map.of(
            "quarkus.http.port", Integer.toString(port),
            "darkroom.models", "src/main/models",
            "darkroom.log.json", "true");
    try (var worker = PackagedWorker.start(folder.resolve("log"), settings)) {
      await().atMost(SOON).ignoreExceptions().until(() -> loaded(ready(port)));
      assertThat(reason(ready(port), "models")).isEqualTo("the control topic is being read");
      Page started = Page.get("http://localhost:" + port + "/", "q/health/started");
      assertThat(started.status()).as("a broker that is down restarts no pod").isEqualTo(200);
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> {
                assertThat(reason(ready(port), "broker")).contains("localhost:1");
                assertThat(reason(ready(port), "store")).startsWith("s3://darkroom: ");
              });
      assertThat(ready(port).status()).isEqualTo(503);
      assertThat(worker.printed().lines().map(MissingDependenciesIT::json))
          .allSatisfy(line -> assertThat(line.has("timestamp") && line.has("level")).isTrue())
          .anySatisfy(line -> assertThat(line.at("/message").asText()).contains("model loaded"));
    }
  }

  private static Page ready(int port) {
    return Page.get("http://localhost:" + port + "/", "q/health/ready");
  }

  private static boolean loaded(Page page) {
    return page.check("models").at("/data").has("served");
  }

  private static String reason(Page page, String check) {
    return page.check(check).at("/data/reason").asText();
  }

  private static JsonNode json(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
