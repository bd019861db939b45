package io.darkroom.console;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.darkroom.json.JsonTree;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** Writes answers with security headers. */
final class Reply {
  static final String JSON = "application/json";

  /** Allows only scripts, styles and data of the same origin. No site may embed the page. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src"
          + " 'self' blob:; connect-src 'self'; form-action 'none'; base-uri 'none';"
          + " frame-ancestors 'none'";

  /** Policy for stored files: no script in them runs. */
  private static final String SANDBOX = "default-src 'none'; sandbox";

  private Reply() {}

  static void json(HttpExchange exchange, int status, Map<String, ?> tree) throws IOException {
    send(exchange, status, JSON, "no-store", JsonTree.write(tree));
  }

  static void refuse(HttpExchange exchange, Guard.Refusal refusal) throws IOException {
    error(exchange, refusal.status(), refusal.reason());
  }

  static void error(HttpExchange exchange, int status, String reason) throws IOException {
    json(exchange, status, Map.of("error", reason));
  }

  /** Answers with a file of the page. */
  static void page(HttpExchange exchange, String type, byte[] body) throws IOException {
    send(exchange, 200, type, "no-cache", body);
  }

  /**
   * Answers with an object of the store. The browser may cache it, because names of outputs contain
   * their digests.
   */
  static void object(HttpExchange exchange, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Security-Policy", SANDBOX);
    send(exchange, 200, type, "private, max-age=86400", body);
  }

  private static void send(
      HttpExchange exchange, int status, String type, String cache, byte[] body)
      throws IOException {
    head(exchange, type, cache);
    boolean bare = exchange.getRequestMethod().equals("HEAD") || body.length == 0;
    exchange.sendResponseHeaders(status, bare ? -1 : body.length);
    if (!bare) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Begins a stream of events. The caller writes events until the reader disconnects. */
  static OutputStream events(HttpExchange exchange) throws IOException {
    head(exchange, "text/event-stream", "no-store");
    exchange.sendResponseHeaders(200, 0);
    return exchange.getResponseBody();
  }

  private static void head(HttpExchange exchange, String type, String cache) {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", type);
    headers.set("Cache-Control", cache);
    headers.putIfAbsent("Content-Security-Policy", List.of(POLICY));
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
  }
}
