package io.darkroom.app.fleet;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.darkroom.http.HttpServers;
import io.darkroom.http.TlsFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Serves a page of metrics over HTTP or HTTPS at {@code /metrics}, and a liveness check at {@code
 * /q/health/live}. It answers one request at a time.
 */
public final class MetricsServer implements AutoCloseable {
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  private final HttpServer server;

  private MetricsServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts the server on all interfaces.
   *
   * @param port the port; 0: any free one
   * @param tls certificate of the server; empty: HTTP without TLS
   * @param page creates the page for each request; if it fails, the answer is 503 with the reason
   * @param failed receives the failures of {@code page}
   * @throws IOException if the port is in use, or the certificate is unusable
   */
  public static MetricsServer start(
      int port, Optional<TlsFiles> tls, Callable<String> page, Consumer<Exception> failed)
      throws IOException {
    HttpServer server = HttpServers.open(new InetSocketAddress(port), tls);
    server.createContext("/metrics", exchange -> answer(exchange, page, failed));
    server.createContext("/q/health/live", exchange -> respond(exchange, OK, "up\n"));
    server.start();
    return new MetricsServer(server);
  }

  /** Returns the port. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static void answer(
      HttpExchange exchange, Callable<String> page, Consumer<Exception> failed) throws IOException {
    String text;
    try {
      text = page.call();
    } catch (Exception e) { // outermost handler: a failure must not affect the next request
      failed.accept(e);
      respond(exchange, UNAVAILABLE, "not known: " + e + "\n");
      return;
    }
    respond(exchange, OK, text);
  }

  private static void respond(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
