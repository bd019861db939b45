package io.darkroom.bench;

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
}
