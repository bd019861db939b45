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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command on a real broker, and a scraper. */
public class ExporterCommandTest {
  private static final Pattern PORT = Pattern.compile("metrics at port (\\d+)");

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final HttpClient scraper = HttpClient.newHttpClient();

  private int run(Object... args) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(
            Stream.concat(Stream.of("exporter"), Stream.of(args))
                .map(Object::toString)
                .toArray(String[]::new));
  }

  @Test
  void theBacklogIsReportedInDeviceSecondsByModel() throws Exception {
    try (LocalStack stack = LocalStack.start(folder.resolve("stack"));
        Topics topics = new Topics(stack.kafka().bootstrapServers())) {
      System.setProperty("darkroom.kafka.bootstrap-servers", stack.kafka().bootstrapServers());
      Thread exporter =
          new Thread(
              () ->
                  run(
                      "--port",
                      0,
                      "--models",
                      "src/main/models",
                      "--millis-per-row",
                      "emoji-32=2.5"));
      exporter.start();
      await().atMost(Duration.ofMinutes(1)).until(() -> PORT.matcher(out.toString()).find());
      assertThat(out.toString()).contains("emoji-32: 2.5 ms per row");
      assertThat(err.toString())
          .contains("emoji-64: the time of a row is not known yet; set --millis-per-row emoji-64");

      assertThat(metrics())
          .contains("darkroom_fleet_backlog_device_seconds{model=\"emoji-32\"} 0.000\n")
          .contains("darkroom_fleet_oldest_seconds{model=\"emoji-64\"} 0.000\n")
          .contains("darkroom_fleet_lag_records{topic=\"darkroom.requests\",partition=\"1\"} 0\n");
      topics.request(0, "a", request("emoji-32"), Map.of());
      topics.request(1, "b", request("emoji-32"), Map.of());
      topics.request(1, "c", request("emoji-99"), Map.of());
      topics.publish("darkroom.retries", 0, "d", request("emoji-32"), Map.of());

      assertThat(metrics())
          .contains("darkroom_fleet_backlog_device_seconds{model=\"emoji-32\"} 0.150\n")
          .contains("darkroom_fleet_requests{model=\"emoji-32\"} 3.000\n")
          .contains("darkroom_fleet_requests{model=\"unknown\"} 1.000\n")
          .contains("darkroom_fleet_requests_uncosted 1.000\n")
          .contains("darkroom_fleet_lag_records{topic=\"darkroom.requests\",partition=\"1\"} 2\n");
      assertThat(get("/q/health/live").statusCode()).isEqualTo(200);
      exporter.interrupt();
      exporter.join();
      trace();
    } finally {
      System.clearProperty("darkroom.kafka.bootstrap-servers");
    }
  }

  /** The same requests as a trace, which the simulation reads. */
  private void trace() throws Exception {
    Path file = folder.resolve("trace.csv");
    int status =
        run("--trace", file, "--models", "src/main/models", "--millis-per-row", "emoji-32=2.5");
    assertThat(status).as(err.toString()).isZero();
    assertThat(out.toString()).contains(file + ": 2 requests, 1 left out");
    assertThat(Files.readAllLines(file))
        .hasSize(3)
        .contains("# second,device_seconds,model", "0.000,0.050000,emoji-32");
    assertThat(Main.commandLine().setOut(new PrintWriter(out, true)).execute(simulation(file)))
        .isZero();
  }

  private static String[] simulation(Path trace) {
    return new String[] {"simulate", "--trace", trace.toString()};
  }

  @Test
  void unusableArgumentsAreOneLine() {
    assertThat(run("--look-ahead", "0")).isEqualTo(2);
    assertThat(run("--millis-per-row", "a=0")).isEqualTo(2);
    assertThat(run("--prometheus", "prometheus:9090")).isEqualTo(2);

    assertThat(err.toString().lines())
        .containsExactly(
            "darkroom: --look-ahead: must be 1 or more, is 0 (darkroom exporter --help for usage)",
            "darkroom: --millis-per-row: must be above 0, is 0.0 for a (darkroom exporter --help"
                + " for usage)",
            "darkroom: --prometheus: must be an address of http or https, is prometheus:9090"
                + " (darkroom exporter --help for usage)");
  }

  private String metrics() throws Exception {
    HttpResponse<String> page = get("/metrics");
    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    return page.body();
  }

  private HttpResponse<String> get(String path) throws Exception {
    Matcher port = PORT.matcher(out.toString());
    assertThat(port.find()).isTrue();
    URI address = URI.create("http://localhost:" + port.group(1) + path);
    return scraper.send(
        HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String request(String model) {
    return "{\"id\":\"a\",\"kind\":\"generate\",\"model\":\"%s\",\"num_inference_steps\":20,"
            .formatted(model)
        + "\"guidance_scale\":1}";
  }
}
