package io.darkroom.app.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers as Prometheus gives them; {@code deploy/check} runs the query in a real Prometheus. */
class PrometheusRowTimesTest {
  private HttpServer server;
  private URI address;
  private int status = 200;
  private String answer = "";
  private String query = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    server.createContext(
        "/prefix/api/v1/query",
        exchange -> {
          query = URLDecoder.decode(exchange.getRequestURI().getRawQuery(), StandardCharsets.UTF_8);
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    address = URI.create("http://localhost:" + server.getAddress().getPort() + "/prefix/");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void timesAreThoseOfTheVector() throws IOException {
    answer =
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":["
            + "{\"metric\":{\"model\":\"a\"},\"value\":[1700000000.1,\"41.5\"]},"
            + "{\"metric\":{\"model\":\"b\"},\"value\":[1700000000.1,\"NaN\"]},"
            + "{\"metric\":{},\"value\":[1700000000.1,\"3\"]}]}}";

    assertThat(new PrometheusRowTimes(address).read()).containsOnlyKeys("a").containsValue(41.5);
    assertThat(query).isEqualTo("query=" + PrometheusRowTimes.QUERY);
  }

  @Test
  void otherAnswersAreNamed() {
    PrometheusRowTimes times = new PrometheusRowTimes(address);
    answer = "{\"status\":\"success\"}";
    assertThatThrownBy(times::read)
        .hasMessage(address + ": must answer a query as Prometheus does, is {status=success}");
    answer = "<html>";
    assertThatThrownBy(times::read)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(address + ": ");
    status = 503;
    assertThatThrownBy(times::read).hasMessage(address + ": answered with status 503");
    server.stop(0);
    assertThatThrownBy(times::read)
        .isInstanceOf(IOException.class)
        .hasMessage(address + ": java.net.ConnectException");
  }
}
