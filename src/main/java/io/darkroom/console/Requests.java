package io.darkroom.console;

import com.sun.net.httpserver.HttpExchange;
import io.darkroom.job.JobId;
import io.darkroom.job.Violation;
import io.darkroom.json.Decoded;
import io.darkroom.json.JsonTree;
import io.darkroom.json.RequestCodec;
import io.darkroom.kafka.RequestSender;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Publishes requests and cancellations of readers, if this is allowed. */
final class Requests {
  private final RequestCodec codec;
  private final Optional<RequestSender> sender;

  /**
   * @param sender empty if the console is read-only
   */
  Requests(RequestCodec codec, Optional<RequestSender> sender) {
    this.codec = codec;
    this.sender = sender;
  }

  /** Publishes a request. An invalid request is not published; the answer lists its violations. */
  void publish(HttpExchange exchange) throws IOException, InterruptedException {
    if (readOnly(exchange)) {
      return;
    }
    byte[] body = exchange.getRequestBody().readNBytes(codec.maxBytes() + 1);
    Decoded decoded = codec.read(body, Reply.JSON);
    if (decoded instanceof Decoded.Valid valid) {
      String id = valid.request().id().value();
      sender.orElseThrow().request(id, body);
      Reply.json(exchange, 202, Map.of("id", id));
    } else if (decoded instanceof Decoded.Invalid invalid) {
      List<Map<String, String>> violations =
          invalid.violations().stream().map(Requests::tree).toList();
      Reply.json(exchange, 422, Map.of("violations", violations));
    } else if (decoded instanceof Decoded.Unreadable unreadable) {
      Reply.error(exchange, 400, unreadable.reason());
    }
  }

  /** Cancels the request whose {@code id} is in the body. */
  void cancel(HttpExchange exchange) throws IOException, InterruptedException {
    if (readOnly(exchange)) {
      return;
    }
    byte[] body = exchange.getRequestBody().readNBytes(codec.maxBytes());
    String id = JsonTree.read(body).map(tree -> JsonTree.text(tree, "id")).orElse("");
    if (JobId.isValid(id)) {
      sender.orElseThrow().cancel(id);
      Reply.json(exchange, 202, Map.of("id", id));
    } else {
      Reply.error(exchange, 400, "id: must be the id of a request");
    }
  }

  private boolean readOnly(HttpExchange exchange) throws IOException {
    if (sender.isEmpty()) {
      Reply.error(exchange, 403, "this console is read-only (darkroom.console.submit)");
    }
    return sender.isEmpty();
  }

  private static Map<String, String> tree(Violation violation) {
    return Map.of("pointer", violation.pointer(), "message", violation.message());
  }
}
