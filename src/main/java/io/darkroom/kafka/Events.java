package io.darkroom.kafka;

import io.darkroom.job.RenderOutcome;
import io.darkroom.render.Bytes;
import java.time.Instant;
import java.util.Map;

/** Puts what happened into CloudEvents. */
public interface Events {

  /** The one event that ends a request. */
  Event terminal(RenderOutcome outcome, Instant time);

  /** The first evaluation is about to run. */
  Event started(String requestId, int evaluationsWanted, Instant time);

  /** So many evaluations are done. */
  Event progressed(String requestId, int evaluationsDone, int evaluationsWanted, Instant time);

  /**
   * A CloudEvent.
   *
   * @param attributes by name, without prefix
   * @param data JSON in UTF-8
   */
  record Event(Map<String, String> attributes, Bytes data) {
    public Event {
      attributes = Map.copyOf(attributes);
    }
  }
}
