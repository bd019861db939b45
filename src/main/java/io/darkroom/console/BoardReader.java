package io.darkroom.console;

import io.darkroom.json.JsonTree;
import io.darkroom.kafka.TopicFeed;
import io.darkroom.kafka.TopicNames;
import io.darkroom.text.Printable;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Passes the records of the topics to the board. Records that do not have the documented form are
 * skipped. Used by the thread of the feed.
 */
final class BoardReader {
  private static final String TYPES = "io.darkroom.render.";
  private static final int LONGEST_ID = 256;
  private static final int LONGEST_MESSAGE = 1000;
  private static final int MOST_VIOLATIONS = 20;

  private static final int LONGEST_URI = 2048;
  private static final int MOST_OUTPUTS = 10_000;

  private final int mostBytes;
  private final TopicNames topics;
  private final Set<String> requests;
  private final Board board;
  private final Workers workers;

  /**
   * @param workers receives the workers that publish events
   * @param mostBytes maximum size of a record; larger ones are skipped to limit the use of the heap
   */
  BoardReader(TopicNames topics, Board board, Workers workers, int mostBytes) {
    this.mostBytes = mostBytes;
    this.topics = topics;
    this.requests = new HashSet<>(topics.requests());
    this.board = board;
    this.workers = workers;
  }

  /** Returns the topics that it reads. */
  static Set<String> topics(TopicNames topics) {
    Set<String> all = new HashSet<>(topics.requests());
    all.addAll(List.of(topics.progress(), topics.events(), topics.deadLetters()));
    return all;
  }

  void read(TopicFeed.Item item) {
    if (item.topic().equals(topics.deadLetters())) {
      deadLetter(item);
      return;
    }
    if (item.body().array().length <= mostBytes) {
      JsonTree.read(item.body().array()).ifPresent(tree -> read(item, tree));
    }
  }

  /** A record that marks a dead letter as redriven has no origin, and is not a dead letter. */
  private void deadLetter(TopicFeed.Item item) {
    if (item.origin().isEmpty()) {
      return;
    }
    board.deadLetter(id(item.origin()), item.source());
    board.deadLetter(id(item.key()), item.source());
    if (item.body().array().length <= mostBytes) {
      JsonTree.read(item.body().array())
          .map(tree -> JsonTree.text(request(tree), "id"))
          .filter(id -> !id.isEmpty())
          .ifPresent(id -> board.deadLetter(id(id), item.source()));
    }
  }

  /** Returns the request in the content of a record, which may be a CloudEvent. */
  static Map<String, Object> request(Map<String, Object> tree) {
    return tree.containsKey("specversion") ? JsonTree.object(tree, "data") : tree;
  }

  private void read(TopicFeed.Item item, Map<String, Object> tree) {
    if (requests.contains(item.topic())) {
      request(item, request(tree));
      return;
    }
    String type = item.headers().type();
    if (!type.startsWith(TYPES) || item.subject().isEmpty()) {
      return;
    }
    String worker = id(item.worker());
    String what = type.substring(TYPES.length()).replaceFirst("\\.v1$", "");
    if (item.topic().equals(topics.progress())) {
      board.progressed(id(item.subject()), progress(item, tree, worker));
      workers.seen(worker, item.time());
    } else if (item.topic().equals(topics.events())) {
      if (board.ended(result(item, what, tree))) {
        workers.ended(worker, item.time(), Served.of(tree));
      }
    }
  }

  private void request(TopicFeed.Item item, Map<String, Object> request) {
    String id = JsonTree.text(request, "id");
    if (!id.isEmpty()) {
      board.requested(id(id), item.time(), RequestSummary.of(request));
    }
  }

  private static Job.Progress progress(
      TopicFeed.Item item, Map<String, Object> data, String worker) {
    return new Job.Progress(
        item.time(),
        JsonTree.integer(data, "evaluations_done", 0),
        JsonTree.integer(data, "evaluations_wanted", 0),
        bounded(JsonTree.text(data, "estimated_finish")),
        bounded(JsonTree.text(JsonTree.object(data, "preview"), "uri")),
        worker);
  }

  private static Result result(TopicFeed.Item item, String what, Map<String, Object> data) {
    List<Map<String, Object>> outputs = JsonTree.objects(data, "outputs", MOST_OUTPUTS);
    Map<String, Object> request = JsonTree.object(data, "request");
    return new Result(
        id(item.subject()),
        item.time(),
        Printable.line(what, LONGEST_ID),
        request.isEmpty() ? RequestSummary.NOTHING : RequestSummary.of(request),
        problem(JsonTree.object(data, "error")),
        outputs.size(),
        outputs.stream().findFirst().map(BoardReader::file));
  }

  private static Result.File file(Map<String, Object> output) {
    return new Result.File(
        bounded(JsonTree.text(output, "uri")),
        bounded(JsonTree.text(output, "media_type")),
        JsonTree.integer(output, "width", 0),
        JsonTree.integer(output, "height", 0));
  }

  private static Optional<Result.Trouble> problem(Map<String, Object> error) {
    return error.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Result.Trouble(
                Printable.line(JsonTree.text(error, "class"), LONGEST_ID),
                Printable.line(JsonTree.text(error, "message"), LONGEST_MESSAGE),
                JsonTree.objects(error, "violations", MOST_VIOLATIONS).stream()
                    .map(BoardReader::violation)
                    .toList(),
                Boolean.TRUE.equals(error.get("retryable"))));
  }

  private static Map<String, Object> violation(Map<String, Object> violation) {
    return Map.of(
        "pointer", Printable.line(JsonTree.text(violation, "pointer"), LONGEST_MESSAGE),
        "message", Printable.line(JsonTree.text(violation, "message"), LONGEST_MESSAGE));
  }

  private static String bounded(String text) {
    return text.length() > LONGEST_URI ? "" : text;
  }

  private static String id(String text) {
    return Printable.line(text, LONGEST_ID);
  }
}
