package io.darkroom.bench;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.ColumnData;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.internal.chartpart.Chart;

/**
 * A part of the results.
 *
 * @param key in the results' file
 * @param heading above the table, with the units that its columns leave out
 * @param figures records
 * @param table the figures for people
 * @param charts by file name without ending
 */
public record Chapter(
    String key,
    String heading,
    List<? extends Record> figures,
    String table,
    Map<String, Chart<?, ?>> charts) {

  public Chapter {
    figures = List.copyOf(figures);
    charts = Map.copyOf(charts);
  }

  /** A line of the table for each figure. */
  static <F extends Record> Chapter of(
      String key, String heading, List<F> figures, List<ColumnData<F>> columns) {
    return new Chapter(key, heading, figures, AsciiTable.getTable(figures, columns), Map.of());
  }

  Chapter with(Map<String, Chart<?, ?>> own) {
    return new Chapter(key, heading, figures, table, own);
  }
}
