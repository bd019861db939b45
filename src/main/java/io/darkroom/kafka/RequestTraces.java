package io.darkroom.kafka;

import io.darkroom.render.Delivery;
import io.darkroom.render.Settlement;
import java.util.Map;

/** Continues the traces of requests: from the headers of a record to those of its event. */
public interface RequestTraces {

  /** Without tracing: the event has the trace headers of the record. */
  RequestTraces NONE = (context, delivery, settlement) -> context;

  /**
   * Called once per request, after it is settled and before its event is published. If it throws,
   * the event has the trace headers of the record.
   *
   * @param context trace headers of the record by name: only those of W3C Trace Context, and valid
   * @return trace headers of the event
   */
  Map<String, String> settled(
      Map<String, String> context, Delivery delivery, Settlement settlement);
}
