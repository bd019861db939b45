package io.darkroom.render;

import java.time.Instant;

/**
 * One record as it came.
 *
 * @param source {@code topic/partition/offset}, the subject where the bytes have no id
 * @param contentType of the bytes as the record's header says, or empty
 * @param body the bytes, untouched
 * @param published when the broker took it
 * @param received when this worker saw it
 */
public record Delivery(
    String source, String contentType, Bytes body, Instant published, Instant received) {}
