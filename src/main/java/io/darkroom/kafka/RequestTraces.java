package io.darkroom.kafka;

import io.darkroom.render.Delivery;
import io.darkroom.render.Settlement;
import java.util.Map;

/** Continues the trace of a request from the headers of its record to the headers of its event. */
public interface RequestTraces {

  /** No tracing: the event has the trace headers of the record. */
  RequestTraces NONE = (context, delivery, settlement) -> context;

  /**
   * Called once per request, after it is settled and before its event is published. If it throws,
   * the event has the trace headers of the record.
   *
   * @param context the valid headers of W3C Trace Context of the record, by name
   * @return trace headers of the event
   */
  Map<String, String> settled(
      Map<String, String> context, Delivery delivery, Settlement settlement);
}
