package io.darkroom.render;

import io.darkroom.job.Preview;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * How far a request is.
 *
 * @param requestId whose
 * @param done evaluations so far, over its images
 * @param wanted evaluations in all
 * @param estimatedFinish of its last evaluation, where anything is known of what they cost
 * @param preview that was stored since the last event
 * @param traceContext headers of W3C trace context that came with the request
 */
public record Progress(
    String requestId,
    int done,
    int wanted,
    Optional<Instant> estimatedFinish,
    Optional<Preview> preview,
    Map<String, String> traceContext) {

  public Progress {
    traceContext = Map.copyOf(traceContext);
  }

  /** Progress of which no more is known. */
  public Progress(String requestId, int done, int wanted) {
    this(requestId, done, wanted, Optional.empty(), Optional.empty(), Map.of());
  }
}
