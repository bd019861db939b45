package io.darkroom.diffusion.sampler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A Markdown table that is also readable as plain text. */
final class MarkdownTable {
  private final List<String[]> rows = new ArrayList<>();

  MarkdownTable(String... head) {
    rows.add(head.clone());
  }

  void row(String... cells) {
    rows.add(cells.clone());
  }

  @Override
  public String toString() {
    int[] widths = new int[rows.get(0).length];
    for (String[] row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder out = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      append(out, rows.get(r), widths);
      if (r == 0) {
        append(out, Arrays.stream(widths).mapToObj("-"::repeat).toArray(String[]::new), widths);
      }
    }
    return out.toString();
  }

  private static void append(StringBuilder out, String[] row, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      out.append("| ").append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 1));
    }
    out.append("|\n");
  }
}
