package io.darkroom.render;

import io.darkroom.job.Preview;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The progress of a request.
 *
 * @param requestId id of the request
 * @param done finished evaluations of all its images
 * @param wanted total number of evaluations
 * @param estimatedFinish estimated end of the last evaluation, if the cost is known
 * @param preview preview that was stored since the last event
 * @param traceContext headers of W3C Trace Context of the request
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

  /** Creates progress without the optional values. */
  public Progress(String requestId, int done, int wanted) {
    this(requestId, done, wanted, Optional.empty(), Optional.empty(), Map.of());
  }
}
