package io.darkroom.render;

import io.darkroom.json.MessageHeaders;
import java.time.Instant;
import java.util.Map;

/**
 * A record from the requests topic.
 *
 * @param source {@code topic/partition/offset}, the subject where the bytes have no id
 * @param headers that say what the bytes are
 * @param body the bytes, untouched
 * @param published when it was published
 * @param received when this worker received it
 * @param attempts deliveries of the record to a worker, this one included, 1 or more
 * @param traceContext its headers of W3C trace context, by name
 * @param lease of this worker on the record
 */
public record Delivery(
    String source,
    MessageHeaders headers,
    Bytes body,
    Instant published,
    Instant received,
    int attempts,
    Map<String, String> traceContext,
    Lease lease) {

  public Delivery {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts: must be 1 or more, is " + attempts);
    }
    traceContext = Map.copyOf(traceContext);
  }

  /** The first delivery of a record without a trace that stays with this worker. */
  public Delivery(
      String source, String contentType, Bytes body, Instant published, Instant received) {
    this(
        source,
        MessageHeaders.of(contentType),
        body,
        published,
        received,
        1,
        Map.of(),
        Lease.PERMANENT);
  }
}
