package io.darkroom.console;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A short form of the outcome of a request.
 *
 * @param id id of the request, or its source if its bytes contained no id
 * @param time time of the event
 * @param outcome {@code completed}, {@code failed}, {@code rejected} or {@code cancelled}
 * @param problem the error; empty for a completed request
 * @param outputs number of output files
 * @param first the first output file
 */
record Result(
    String id,
    Instant time,
    String outcome,
    RequestSummary summary,
    Optional<Trouble> problem,
    int outputs,
    Optional<File> first) {

  /**
   * The error of a request without a result.
   *
   * @param kind error class
   * @param violations violations in the event
   */
  record Trouble(
      String kind, String message, List<Map<String, Object>> violations, boolean retryable) {
    Trouble {
      violations = List.copyOf(violations);
    }

    Map<String, Object> tree() {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("class", kind);
      tree.put("message", message);
      tree.put("violations", violations);
      tree.put("retryable", retryable);
      return tree;
    }
  }

  /** A stored file. Width and height are 0 if it is not a picture. */
  record File(String uri, String mediaType, long width, long height) {
    Map<String, Object> tree() {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("uri", uri);
      tree.put("media_type", mediaType);
      tree.put("width", width);
      tree.put("height", height);
      return tree;
    }
  }

  /** Returns the outcome with its error class, e.g. {@code failed: input}. */
  String kind() {
    return outcome
        + problem
            .filter(why -> !why.kind().equals(outcome))
            .map(why -> ": " + why.kind())
            .orElse("");
  }

  /** Returns a unique key that sorts results by time. */
  String position() {
    return "%013d %s".formatted(time.toEpochMilli(), id);
  }

  Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", id);
    tree.put("time", time.toString());
    tree.put("outcome", outcome);
    tree.put("position", position());
    tree.putAll(summary.tree());
    problem.ifPresent(why -> tree.put("error", why.tree()));
    tree.put("outputs", outputs);
    first.ifPresent(file -> tree.put("file", file.tree()));
    return tree;
  }
}
