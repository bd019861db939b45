package io.darkroom.render;

import io.darkroom.json.MessageHeaders;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A record from the requests topic.
 *
 * @param source {@code topic/partition/offset}; the subject of events if the bytes have no id
 * @param headers headers that describe the content
 * @param body the original bytes
 * @param published time of publication
 * @param received time of receipt by this worker
 * @param attempts number of deliveries of the request to a worker, up to this one, without those
 *     that a worker returned without an outcome; at least 1
 * @param traceContext headers of W3C Trace Context, by name
 * @param tenant name of the tenant in the headers; empty if there is none
 * @param lease lease of this worker on the record
 */
public record Delivery(
    String source,
    MessageHeaders headers,
    Bytes body,
    Instant published,
    Instant received,
    int attempts,
    Map<String, String> traceContext,
    Optional<String> tenant,
    Lease lease) {

  public Delivery {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts: must be 1 or more, is " + attempts);
    }
    traceContext = Map.copyOf(traceContext);
  }

  /** Returns the topic of the record: its source up to the first slash. */
  String topic() {
    return source.substring(0, Math.max(0, source.indexOf('/')));
  }

  /** Creates the first delivery of a record, without a trace and with a permanent lease. */
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
        Optional.empty(),
        Lease.PERMANENT);
  }
}
