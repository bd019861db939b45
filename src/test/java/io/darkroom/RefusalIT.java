package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.darkroom.demo.DemoEnvironment;
import io.darkroom.demo.WorkerProcess;
import io.darkroom.kafka.Topics;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a worker must reproduce the bits of an earlier process. */
class RefusalIT {
  private static final Path JAR = Path.of(System.getProperty("darkroom.jar"));
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final String REQUEST =
      "{\"id\": \"early\", \"kind\": \"generate\", \"model\": \"labels\", \"class_label\": \"ball\"}";

  @TempDir Path folder;

  @Test
  void aWorkerThatCannotProveItsTierStaysUpAndConsumesNothing() throws Exception {
    Path pack = folder.resolve("models/labels");
    copy(Path.of("src/main/models/emoji-32"), pack);
    assertThat(selfTest("--write")).isZero();
    assertThat(selfTest("--report", folder.resolve("again.json").toString())).isZero();
    assertThat(folder.resolve("again.json")).content().contains("\"answers_known\":true");

    Path answers = pack.resolve("known_answers.json");
    String text = Files.readString(answers);
    Files.writeString(answers, text.replaceAll("(\"unet\":\")[0-9a-f]{8}", "$100000000"));
    int port = Ports.take("http", 0);
    try (LocalStack stack = LocalStack.start(folder.resolve("stack"));
        Topics topics = new Topics(stack.kafka().bootstrapServers())) {
      topics.request(0, "early", REQUEST, Map.of());
      Map<String, String> environment =
          new DemoEnvironment(stack, port).environment(folder.resolve("models").toString());
      try (WorkerProcess worker =
          WorkerProcess.start(JAR, environment, folder.resolve("worker.log"))) {
        await().atMost(TIMEOUT).until(() -> get(port, "ready").contains("the self-test failed"));
        assertThat(get(port, "ready"))
            .contains("labels: unet: must give the known answer 00000000")
            .contains("\"status\": \"DOWN\"");
        assertThat(get(port, "live")).doesNotContain("DOWN");
        assertThat(page(port, "metrics").lines())
            .contains("darkroom_models_left_out 1.0")
            .contains("darkroom_self_test_exact{model=\"labels\",tier=\"exact\"} 0.0");
        assertThat(worker.alive()).isTrue();
        assertThat(topics.all("darkroom.events")).isEmpty();
      }
    }
  }

  private int selfTest(String... options) throws IOException, InterruptedException {
    String models = folder.resolve("models").toString();
    List<String> command = Jvm.java();
    command.addAll(List.of("-jar", JAR.toAbsolutePath().toString(), "selftest"));
    command.addAll(List.of("--models", models));
    command.addAll(List.of(options));
    File log = folder.resolve("selftest.log").toFile();
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private static String get(int port, String check) {
    return page(port, "health/" + check);
  }

  private static String page(int port, String path) {
    URI uri = URI.create("http://localhost:" + port + "/q/" + path);
    try {
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException notYet) {
      return "";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      files.filter(Files::isRegularFile).forEach(file -> copyFile(file, from, to));
    }
  }

  private static void copyFile(Path file, Path from, Path to) {
    Path target = to.resolve(from.relativize(file).toString());
    try {
      Files.createDirectories(target.getParent());
      Files.copy(file, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
