package io.darkroom.app.fleet;

import io.darkroom.json.DamagedConfig;
import io.darkroom.json.JsonConfig;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads from Prometheus the times that workers measured when they loaded their packages: the median
 * over the workers of the last seven days, so that they are known while no worker runs.
 */
public final class PrometheusRowTimes implements RowTimes.Source {
  /** The metric is {@code darkroom.row.milliseconds} of a worker. */
  public static final String QUERY =
      "quantile by (model) (0.5, last_over_time(darkroom_row_milliseconds[7d]))";

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int OK = 200;

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI server;
  private final URI query;

  /**
   * @param server address of Prometheus, e.g. {@code http://prometheus:9090}
   */
  public PrometheusRowTimes(URI server) {
    this.server = server;
    String base = server.toString().replaceAll("/+$", "");
    String encoded = URLEncoder.encode(QUERY, StandardCharsets.UTF_8);
    this.query = URI.create(base + "/api/v1/query?query=" + encoded);
  }

  @Override
  public Map<String, Double> read() throws IOException {
    HttpResponse<byte[]> answer = ask();
    if (answer.statusCode() != OK) {
      throw new IOException(server + ": answered with status " + answer.statusCode());
    }
    try {
      return times(JsonConfig.read(server.toString(), answer.body()));
    } catch (DamagedConfig odd) {
      throw new IOException(odd.getMessage(), odd);
    }
  }

  private HttpResponse<byte[]> ask() throws IOException {
    HttpRequest request = HttpRequest.newBuilder(query).timeout(TIMEOUT).build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IOException(server + ": interrupted", stop);
    } catch (IOException e) {
      throw new IOException(server + ": " + (e.getMessage() == null ? e : e.getMessage()), e);
    }
  }

  /** Returns the values of an answer: a vector with a label {@code model}. */
  private Map<String, Double> times(Map<String, Object> answer) throws IOException {
    if (!(answer.get("data") instanceof Map<?, ?> data)
        || !(data.get("result") instanceof List<?> vector)) {
      throw new IOException(server + ": must answer a query as Prometheus does, is " + answer);
    }
    Map<String, Double> times = new TreeMap<>();
    for (Object each : vector) {
      if (each instanceof Map<?, ?> sample
          && sample.get("metric") instanceof Map<?, ?> labels
          && labels.get("model") instanceof String model
          && sample.get("value") instanceof List<?> value
          && value.size() == 2) {
        double millis = Double.parseDouble(String.valueOf(value.get(1)));
        if (millis > 0 && Double.isFinite(millis)) {
          times.put(model, millis);
        }
      }
    }
    return times;
  }
}
