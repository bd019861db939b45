package io.darkroom.replay;

import io.darkroom.json.JsonConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The findings of a replay, in the order in which the requests were read. Safe for use by many
 * threads.
 */
public final class ReplayReport {
  private final List<Finding> findings = new ArrayList<>();
  private final List<AnswerMatch> answers = new ArrayList<>();

  /** Adds a finding. */
  public synchronized void add(Finding finding) {
    findings.add(finding);
  }

  /** Adds a comparison with known answers. */
  public synchronized void add(AnswerMatch match) {
    answers.add(match);
  }

  /** Returns the comparisons with known answers. */
  public synchronized List<AnswerMatch> answers() {
    return List.copyOf(answers);
  }

  /** Returns all findings. */
  public synchronized List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** Returns the number of requests per verdict, without verdicts that did not occur. */
  public Map<Verdict, Integer> counts() {
    Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
    findings().forEach(finding -> counts.merge(finding.verdict(), 1, Integer::sum));
    return counts;
  }

  /** Returns whether every request was reproduced. */
  public boolean reproduced() {
    return findings().stream().allMatch(finding -> finding.verdict().reproduced());
  }

  /** Returns the worst verdict; empty if there is no finding. */
  public Optional<Verdict> worst() {
    return findings().stream().map(Finding::verdict).max(Comparator.naturalOrder());
  }

  /** Returns the report as JSON. Its schema is {@code replay-report.schema.json}. */
  public String json() {
    Map<String, Object> counts = new LinkedHashMap<>();
    Map<Verdict, Integer> found = counts();
    for (Verdict verdict : Verdict.values()) {
      counts.put(verdict.wire(), found.getOrDefault(verdict, 0));
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("reproduced", reproduced());
    report.put("counts", counts);
    report.put(
        "requests",
        findings().stream()
            .sorted(Comparator.comparing(Finding::source))
            .map(ReplayReport::tree)
            .toList());
    if (!answers().isEmpty()) {
      report.put("known_answers", answers().stream().map(AnswerMatch::tree).toList());
    }
    return JsonConfig.write(report) + "\n";
  }

  private static Map<String, Object> tree(Finding finding) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("request_id", finding.requestId());
    tree.put("source", finding.source());
    tree.put("verdict", finding.verdict().wire());
    tree.put("reasons", finding.reasons());
    if (!finding.measures().isEmpty()) {
      tree.put("measures", finding.measures().stream().map(Measure::tree).toList());
    }
    return tree;
  }
}
