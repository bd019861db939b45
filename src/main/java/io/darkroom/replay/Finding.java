package io.darkroom.replay;

import java.util.List;

/**
 * What was found out about one recorded request.
 *
 * @param requestId the request's id, empty where it is not known
 * @param source where the request was read, e.g. {@code topic/partition/offset} or an address
 * @param verdict how the second render compares
 * @param reasons what differs between the two renders, or why there is no second one; bounded
 */
public record Finding(String requestId, String source, Verdict verdict, List<String> reasons) {

  public Finding {
    reasons = List.copyOf(reasons);
  }

  static Finding notReplayable(String requestId, String source, String reason) {
    return new Finding(requestId, source, Verdict.NOT_REPLAYABLE, List.of(reason));
  }
}
