package io.darkroom.json;

import io.darkroom.job.RenderOutcome;
import java.util.Locale;

/** The types of events that a worker publishes. */
enum EventType {
  STARTED,
  PROGRESSED,
  COMPLETED,
  FAILED,
  REJECTED,
  CANCELLED;

  static EventType of(RenderOutcome outcome) {
    if (outcome instanceof RenderOutcome.Completed) {
      return COMPLETED;
    }
    if (outcome instanceof RenderOutcome.Failed) {
      return FAILED;
    }
    return outcome instanceof RenderOutcome.Rejected ? REJECTED : CANCELLED;
  }

  /** Returns the name in messages, e.g. {@code io.darkroom.render.completed.v1}. */
  String wire() {
    return "io.darkroom.render." + name().toLowerCase(Locale.ROOT) + ".v1";
  }
}
