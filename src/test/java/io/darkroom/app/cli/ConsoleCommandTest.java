package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.darkroom.LocalStack;
import io.darkroom.kafka.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command on a real broker. */
public class ConsoleCommandTest {
  private static final Pattern ADDRESS =
      Pattern.compile("console at (http://127\\.0\\.0\\.1:\\d+/)");

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(Stream.concat(Stream.of("console"), Stream.of(args)).toArray(String[]::new));
  }

  private String get(String path) throws Exception {
    Matcher address = ADDRESS.matcher(out.toString());
    assertThat(address.find()).isTrue();
    URI uri = URI.create(address.group(1)).resolve(path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void topicsAreShownWithoutAWorker() throws Exception {
    try (LocalStack stack = LocalStack.start(folder.resolve("stack"));
        Topics topics = new Topics(stack.kafka().bootstrapServers())) {
      System.setProperty("darkroom.kafka.bootstrap-servers", stack.kafka().bootstrapServers());
      topics.request(
          0, "a", "{\"id\":\"a\",\"kind\":\"generate\",\"model\":\"emoji-32\"}", Map.of());
      Thread console =
          new Thread(() -> run("--port", "0", "--models", "src/main/models"), "console-command");
      console.start();
      await().atMost(Duration.ofMinutes(1)).until(() -> ADDRESS.matcher(out.toString()).find());

      assertThat(get("api/info"))
          .contains("\"submit\":false", "\"worker\":false", "\"name\":\"emoji-64\"");
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> get("api/result?id=a"), body -> body.contains("\"model\":\"emoji-32\""));
      console.interrupt();
      console.join();
    } finally {
      System.clearProperty("darkroom.kafka.bootstrap-servers");
    }
  }

  @Test
  void aConsoleForOthersNeedsAToken() {
    System.setProperty("darkroom.console.address", "0.0.0.0");
    try {
      assertThat(run("--port", "0")).isEqualTo(1);
    } finally {
      System.clearProperty("darkroom.console.address");
    }
    assertThat(err.toString())
        .isEqualTo(
            "darkroom: darkroom.console.token: must be set, because darkroom.console.address is"
                + " 0.0.0.0 and others can reach it\n");
  }
}
