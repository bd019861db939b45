package io.darkroom.console;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A request without an outcome.
 *
 * @param summary summary of the request; {@link RequestSummary#NOTHING} if its record was not read
 * @param since time of publication, or of the first event if the record was not read
 * @param progress empty while it waits
 */
record Job(String id, RequestSummary summary, Instant since, Optional<Progress> progress) {

  /**
   * The progress of a request.
   *
   * @param time time of the event
   * @param done number of finished network evaluations, over all images
   * @param wanted total number of network evaluations
   * @param finish estimated time of the last evaluation in ISO 8601, or empty
   * @param preview address of the last preview, or empty
   * @param worker name of the worker, or empty
   */
  record Progress(
      Instant time, long done, long wanted, String finish, String preview, String worker) {

    /**
     * Returns the progress of a later event. If that event has no preview, the earlier preview is
     * kept.
     */
    Progress after(Progress earlier) {
      return preview.isEmpty()
          ? new Progress(time, done, wanted, finish, earlier.preview, worker)
          : this;
    }
  }

  Job with(Progress later) {
    return new Job(id, summary, since, Optional.of(progress.map(later::after).orElse(later)));
  }

  Job with(RequestSummary what, Instant published) {
    return new Job(id, what, published, progress);
  }

  Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", id);
    tree.put("since", since.toString());
    tree.putAll(summary.tree());
    progress.ifPresent(
        now -> {
          tree.put("done", now.done());
          tree.put("wanted", now.wanted());
          tree.put("finish", now.finish());
          tree.put("preview", now.preview());
          tree.put("worker", now.worker());
        });
    return tree;
  }
}
