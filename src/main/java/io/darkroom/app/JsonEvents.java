package io.darkroom.app;

import io.darkroom.job.RenderOutcome;
import io.darkroom.json.CloudEvent;
import io.darkroom.json.EventCodec;
import io.darkroom.kafka.Events;
import io.darkroom.render.Bytes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;

/** What happened as the contract's events, from the source that the configuration names. */
@Singleton
final class JsonEvents implements Events {
  private final EventCodec codec;

  @Inject
  JsonEvents(DarkroomConfig config) {
    codec = new EventCodec(config.kafka().eventSource());
  }

  @Override
  public Event terminal(RenderOutcome outcome, Instant time) {
    return event(codec.terminal(outcome, time));
  }

  @Override
  public Event started(String requestId, int evaluationsWanted, Instant time) {
    return event(codec.started(requestId, evaluationsWanted, time));
  }

  @Override
  public Event progressed(
      String requestId, int evaluationsDone, int evaluationsWanted, Instant time) {
    return event(codec.progressed(requestId, evaluationsDone, evaluationsWanted, time));
  }

  private static Event event(CloudEvent event) {
    return new Event(event.attributes().named(), new Bytes(event.data()));
  }
}
