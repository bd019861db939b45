package io.darkroom.kafka;

import io.darkroom.render.Delivery;
import io.darkroom.render.Settlement;
import java.util.Map;

/** Follows requests from program to program: from the headers of a record to those of its event. */
public interface RequestTraces {

  /** Follows nothing: the event carries what the record carried. */
  RequestTraces NONE = (context, delivery, settlement) -> context;

  /**
   * Told of a request once, when it is settled and before its event is published. Where it throws,
   * the event carries what the record carried.
   *
   * @param context headers of the record by name, those of W3C trace context alone, and valid
   * @return the same headers for the event
   */
  Map<String, String> settled(
      Map<String, String> context, Delivery delivery, Settlement settlement);
}
