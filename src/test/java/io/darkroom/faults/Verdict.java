package io.darkroom.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Outcomes of the requests of one scenario.
 *
 * @param requests published
 * @param faults injected
 * @param lost requests without a terminal event
 * @param contradicting requests with two different outcomes
 * @param repeated terminal events that repeat an earlier one
 * @param withoutManifest completed requests without a manifest in the store
 * @param orphans stored images that no manifest names
 * @param renderedAgain renders that were started again
 * @param otherBytes completed requests whose pixels are not those of the calm run
 * @param failed requests that ended as failed
 * @param firstTakenUpSeconds the longest from a fault until another worker begins or ends the first
 *     request it hit
 * @param takenUpSeconds the longest from a fault to the next beginning or end of a request it hit
 * @param recoverSeconds from the last fault to the last outcome
 * @param missed missed goals of this scenario
 */
record Verdict(
    String scenario,
    int requests,
    int faults,
    int lost,
    int contradicting,
    int repeated,
    int withoutManifest,
    int orphans,
    int renderedAgain,
    int otherBytes,
    int failed,
    double firstTakenUpSeconds,
    double takenUpSeconds,
    double recoverSeconds,
    List<String> missed) {

  private static final List<String> HEAD =
      List.of(
          "scenario",
          "requests",
          "faults",
          "lost",
          "contradicting",
          "repeated",
          "no manifest",
          "orphans",
          "rendered again",
          "other bytes",
          "failed",
          "first taken up after s",
          "all taken up after s",
          "recovered after s");

  Verdict {
    missed = List.copyOf(missed);
  }

  /** Goals that were missed, as sentences. */
  private List<String> allMissed() {
    List<String> all = new ArrayList<>(missed);
    goal(all, "lost", lost);
    goal(all, "contradicting", contradicting);
    goal(all, "completed without manifest", withoutManifest);
    goal(all, "with other bytes", otherBytes);
    return all;
  }

  /**
   * Returns the missed goals, including those for repeated work.
   *
   * @param kills number of kills of workers
   */
  List<String> allMissed(int kills, int inFlight) {
    List<String> all = allMissed();
    int most = kills * inFlight;
    if (repeated > most || renderedAgain > most) {
      all.add(
          scenario
              + ": must have at most "
              + most
              + " events repeated and renders started again, has "
              + repeated
              + " and "
              + renderedAgain);
    }
    return all;
  }

  /** The time to take up the first request of a worker that was killed. */
  List<String> slowTakeOver(double mostSeconds) {
    return firstTakenUpSeconds <= mostSeconds
        ? List.of()
        : List.of(
            String.format(
                Locale.ROOT,
                "%s: must take up the first request after at most %.1f s, has after %.1f s",
                scenario,
                mostSeconds,
                firstTakenUpSeconds));
  }

  private void goal(List<String> all, String what, int count) {
    if (count > 0) {
      all.add(scenario + ": must have 0 requests " + what + ", has " + count);
    }
  }

  /** A table in Markdown. */
  static String table(List<Verdict> verdicts) {
    StringBuilder table = new StringBuilder("| " + String.join(" | ", HEAD) + " |\n");
    table.append("|---".repeat(HEAD.size())).append("|\n");
    verdicts.forEach(verdict -> table.append(verdict.row()));
    return table.toString();
  }

  private String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %.1f | %.1f | %.1f |%n",
        scenario,
        requests,
        faults,
        lost,
        contradicting,
        repeated,
        withoutManifest,
        orphans,
        renderedAgain,
        otherBytes,
        failed,
        firstTakenUpSeconds,
        takenUpSeconds,
        recoverSeconds);
  }
}
