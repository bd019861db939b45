package io.darkroom.app.cli;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import io.darkroom.replay.Finding;
import io.darkroom.replay.ReplayReport;
import io.darkroom.replay.Verdict;
import io.darkroom.text.Printable;
import java.util.List;
import java.util.Map;

/** Formats the findings of a replay. */
final class ReplayTable {

  private ReplayTable() {}

  /** Returns a table with one row per verdict that occurs. */
  static String of(ReplayReport report) {
    List<Map.Entry<Verdict, Integer>> rows = List.copyOf(report.counts().entrySet());
    return AsciiTable.getTable(
        AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS,
        rows,
        List.of(
            new Column()
                .header("verdict")
                .dataAlign(HorizontalAlign.LEFT)
                .with(row -> text(row.getKey())),
            new Column().header("requests").with(row -> row.getValue().toString())));
  }

  /** Returns one line for a finding, and one line for each reason. */
  static String line(Finding finding) {
    StringBuilder text = new StringBuilder();
    String id = finding.requestId().isEmpty() ? finding.source() : finding.requestId();
    text.append(Printable.line(id)).append(": ").append(text(finding.verdict()));
    finding.reasons().forEach(reason -> text.append("\n  ").append(Printable.line(reason)));
    return text.toString();
  }

  /** Returns a verdict as readable text. */
  static String text(Verdict verdict) {
    return verdict.wire().replace('_', ' ');
  }
}
