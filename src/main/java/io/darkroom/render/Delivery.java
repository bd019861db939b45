package io.darkroom.render;

import java.time.Instant;
import java.util.Map;

/**
 * One record as it came.
 *
 * @param source {@code topic/partition/offset}, the subject where the bytes have no id
 * @param contentType of the bytes as the record's header says, or empty
 * @param body the bytes, untouched
 * @param published when the broker took it
 * @param received when this worker saw it
 * @param traceContext its headers of W3C trace context, by name
 * @param lease of this worker on the record
 */
public record Delivery(
    String source,
    String contentType,
    Bytes body,
    Instant published,
    Instant received,
    Map<String, String> traceContext,
    Lease lease) {

  public Delivery {
    traceContext = Map.copyOf(traceContext);
  }

  /** A record without a trace that stays with this worker. */
  public Delivery(
      String source, String contentType, Bytes body, Instant published, Instant received) {
    this(source, contentType, body, published, received, Map.of(), Lease.PERMANENT);
  }
}
