package io.darkroom.bench;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.ColumnData;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.internal.chartpart.Chart;

/**
 * A part of the results.
 *
 * @param key key in the file of results
 * @param heading heading of the table, with the units of its columns
 * @param figures the figures, as records
 * @param table the figures as a table
 * @param charts charts by file name without extension
 */
public record Section(
    String key,
    String heading,
    List<? extends Record> figures,
    String table,
    Map<String, Chart<?, ?>> charts) {

  public Section {
    figures = List.copyOf(figures);
    charts = Map.copyOf(charts);
  }

  /** Creates a part with one row of the table per figure. */
  static <F extends Record> Section of(
      String key, String heading, List<F> figures, List<ColumnData<F>> columns) {
    return new Section(key, heading, figures, AsciiTable.getTable(figures, columns), Map.of());
  }

  Section with(Map<String, Chart<?, ?>> own) {
    return new Section(key, heading, figures, table, own);
  }
}
