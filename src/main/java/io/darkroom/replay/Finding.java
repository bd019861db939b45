package io.darkroom.replay;

import java.util.List;

/**
 * The result of replaying one recorded request.
 *
 * @param requestId the request's id; empty if it is not known
 * @param source place from which the request was read, e.g. {@code topic/partition/offset} or an
 *     address
 * @param verdict result of the comparison
 * @param reasons the differences between the two renders, or why there is no second one; a limited
 *     number
 * @param measures how much the outputs that could be compared differ, in their order; empty if they
 *     were not measured
 */
public record Finding(
    String requestId,
    String source,
    Verdict verdict,
    List<String> reasons,
    List<Measure> measures) {

  public Finding {
    reasons = List.copyOf(reasons);
    measures = List.copyOf(measures);
  }

  /** Creates a finding without measures. */
  public Finding(String requestId, String source, Verdict verdict, List<String> reasons) {
    this(requestId, source, verdict, reasons, List.of());
  }

  /** Returns this finding with measures. */
  public Finding with(List<Measure> measured) {
    return new Finding(requestId, source, verdict, reasons, measured);
  }

  static Finding notReplayable(String requestId, String source, String reason) {
    return new Finding(requestId, source, Verdict.NOT_REPLAYABLE, List.of(reason));
  }
}
