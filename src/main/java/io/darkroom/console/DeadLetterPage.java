package io.darkroom.console;

import com.sun.net.httpserver.HttpExchange;
import io.darkroom.json.JsonTree;
import io.darkroom.kafka.RecordAt;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers with the dead letter of a request, read from its topic. */
final class DeadLetterPage {
  private static final int MOST_BYTES = 1 << 14;
  private static final int MOST_HEADERS = 100;
  private static final int LONGEST_HEADER = 4096;

  private final Board board;
  private final Map<String, Object> broker;

  DeadLetterPage(Board board, Map<String, Object> broker) {
    this.board = board;
    this.broker = Map.copyOf(broker);
  }

  /**
   * Answers with the record of the dead letter of a request: its headers, and its first bytes as
   * text. {@code request} is the content as JSON, if it is a JSON object.
   */
  void answer(HttpExchange exchange, String id) throws IOException {
    Optional<String> source = board.deadLetter(id);
    if (source.isEmpty()) {
      Reply.error(exchange, 404, "no dead letter of this request is known");
      return;
    }
    Optional<RecordAt> record = RecordAt.read(broker, source.get(), System::nanoTime);
    if (record.isEmpty()) {
      Reply.error(exchange, 404, "the broker no longer has the record " + source.get());
      return;
    }
    Reply.json(exchange, 200, tree(record.get()));
  }

  private static Map<String, Object> tree(RecordAt record) {
    byte[] body = record.body().array();
    EscapedText shown = EscapedText.of(body, MOST_BYTES);
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("source", record.source());
    tree.put("time", record.time().toString());
    tree.put("key", EscapedText.of(record.key(), LONGEST_HEADER).text());
    tree.put("headers", headers(record));
    tree.put("bytes", body.length);
    tree.put("shown_bytes", Math.min(body.length, MOST_BYTES));
    tree.put("escaped", shown.escaped());
    tree.put("text", shown.text());
    JsonTree.read(body).ifPresent(json -> tree.put("request", BoardReader.request(json)));
    return tree;
  }

  private static List<Map<String, String>> headers(RecordAt record) {
    return record.headers().stream()
        .limit(MOST_HEADERS)
        .map(
            each ->
                Map.of(
                    "name", EscapedText.of(each.name(), LONGEST_HEADER).text(),
                    "value", EscapedText.of(each.value(), LONGEST_HEADER).text()))
        .toList();
  }
}
