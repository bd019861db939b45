package io.darkroom.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.darkroom.Jvm;
import io.darkroom.LocalStack;
import io.darkroom.demo.DemoEnvironment;
import io.darkroom.kafka.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged worker, started by the commands of the pages, completes the README's request. */
class DocumentedWorkerIT {
  private static final Pattern EXPORT = Pattern.compile("export (\\w+)=(.+)");
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Settings of the README that a reader replaces by their own. */
  private static final List<String> OWN =
      List.of(
          "DARKROOM_KAFKA_BOOTSTRAP_SERVERS",
          "DARKROOM_S3_ENDPOINT",
          "DARKROOM_S3_ACCESS_KEY_ID",
          "DARKROOM_S3_SECRET_ACCESS_KEY");

  @TempDir Path folder;

  @Test
  void theReadmesRequestGetsTheReadmesEvent() throws Exception {
    Page readme = Page.read(Page.README);
    List<String> json = texts(readme, "json");
    String worker =
        commands(readme, "java ").stream()
            .filter(command -> command.endsWith(".jar"))
            .findFirst()
            .orElseThrow();
    try (LocalStack stack = LocalStack.start(folder.resolve("stack"))) {
      Map<String, String> own = new DemoEnvironment(stack, 0).environment("none");
      Map<String, String> settings = new HashMap<>(Map.of("QUARKUS_HTTP_PORT", "0"));
      for (String export : commands(readme, "export ")) {
        Matcher setting = EXPORT.matcher(export);
        assertThat(setting.matches()).as(export).isTrue();
        String name = setting.group(1);
        settings.put(name, OWN.contains(name) ? own.get(name) : setting.group(2));
      }
      JsonNode event = completed(stack, worker, settings, json.get(0));

      assertContains(JSON.readTree(json.get(1)), event);
    }
  }

  @Test
  void anArchiveOfClassesIsMadeAndUsed() throws Exception {
    String request = texts(Page.read(Page.README), "json").get(0);
    List<String> commands = commands(Page.read(Path.of("src/docs/operations.md")), "java -XX:");
    Path archive = folder.resolve("darkroom.jsa");
    assertThat(commands).hasSize(2);
    try (LocalStack stack = LocalStack.start(folder.resolve("stack"))) {
      Map<String, String> settings = new DemoEnvironment(stack, 0).environment("src/main/models");
      for (String command : commands) {
        String id = "archive-" + commands.indexOf(command);
        String placed = command.replace("darkroom.jsa", archive.toString());
        completed(stack, placed, settings, request.replace("panda-1", id));

        assertThat(archive).isNotEmptyFile();
      }
    }
  }

  /** Starts a worker, publishes a request, waits for its event and ends the worker by SIGTERM. */
  private JsonNode completed(
      LocalStack stack, String command, Map<String, String> settings, String request)
      throws IOException, InterruptedException {
    String id = JSON.readTree(request).path("id").textValue();
    Process worker = start(command, settings);
    try (Topics topics = new Topics(stack.kafka().bootstrapServers())) {
      topics.request(0, "any", request, Map.of());
      await().atMost(LIMIT).until(() -> topics.all("darkroom.events").containsKey(id));
      worker.destroy();
      assertThat(worker.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      return JSON.readTree(topics.all("darkroom.events").get(id).get(0).value());
    } finally {
      worker.destroyForcibly();
    }
  }

  private Process start(String command, Map<String, String> settings) throws IOException {
    String java = Jvm.program("java");
    ProcessBuilder worker = new ProcessBuilder(command.replaceFirst("java", java).split(" "));
    worker.environment().putAll(settings);
    return worker
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("worker.log").toFile())
        .start();
  }

  /** Digests depend on the kind of CPU; everything else is the same everywhere. */
  private static void assertContains(JsonNode excerpt, JsonNode event) {
    for (var field : excerpt.properties()) {
      JsonNode value = event.path(field.getKey());
      if (field.getKey().equals("outputs")) {
        assertContains(field.getValue().path(0), value.path(0));
      } else if (field.getKey().equals("pixels_sha256")) {
        assertThat(value.textValue()).hasSameSizeAs(field.getValue().textValue());
      } else if (field.getKey().equals("uri")) {
        assertThat(withoutDigest(value)).isEqualTo(withoutDigest(field.getValue()));
      } else {
        assertThat(value).as(field.getKey()).isEqualTo(field.getValue());
      }
    }
  }

  private static String withoutDigest(JsonNode uri) {
    return uri.textValue().replaceFirst("-[0-9a-f]{12}\\.", ".");
  }

  private static List<String> texts(Page page, String language) {
    return page.blocks().stream()
        .filter(block -> block.language().equals(language))
        .map(Page.Block::text)
        .toList();
  }

  private static List<String> commands(Page page, String start) {
    return texts(page, "sh").stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith(start))
        .toList();
  }
}
