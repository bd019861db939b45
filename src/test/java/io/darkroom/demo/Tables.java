package io.darkroom.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Prints the outcomes as tables. */
final class Tables {
  private Tables() {}

  /** A row per picture; times in milliseconds. */
  static String pictures(List<Picture> pictures) {
    List<ColumnData<Picture>> columns =
        List.of(
            left("request", Picture::name),
            left("model", Picture::model),
            left("sampler", Picture::sampler),
            right("steps", Picture::steps),
            right("seed", Picture::seed),
            right("queued ms", Picture::queuedMillis),
            right("ms", Picture::renderMillis),
            left("object", Picture::uri),
            left("SHA-256", Picture::sha256));
    return table(pictures, columns);
  }

  /** Returns one row for each violation or error of a request that was not completed. */
  static String refusals(Map<String, Notice> ended) {
    List<Refusal> rows = new ArrayList<>();
    ended.forEach(
        (id, notice) -> {
          if (!notice.completed()) {
            rows.addAll(refusals(id, notice));
          }
        });
    if (rows.isEmpty()) {
      return "";
    }
    List<ColumnData<Refusal>> columns =
        List.of(
            left("request", Refusal::id),
            left("ended", Refusal::how),
            left("where", Refusal::where),
            left("what", Refusal::what));
    return table(rows, columns);
  }

  private record Refusal(String id, String how, String where, String what) {}

  private static List<Refusal> refusals(String id, Notice notice) {
    JsonNode error = notice.data().path("error");
    String how = notice.what() + " (" + error.path("class").asText() + ")";
    List<Refusal> rows = new ArrayList<>();
    for (JsonNode each : error.path("violations")) {
      rows.add(new Refusal(id, how, each.path("pointer").asText(), each.path("message").asText()));
    }
    if (rows.isEmpty()) {
      rows.add(new Refusal(id, how, "", error.path("message").asText()));
    }
    return rows;
  }

  private static <T> String table(List<T> rows, List<ColumnData<T>> columns) {
    return AsciiTable.getTable(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS, rows, columns);
  }

  private static <T> ColumnData<T> left(String header, Function<T, String> value) {
    return column(header, HorizontalAlign.LEFT).with(value);
  }

  private static <T> ColumnData<T> right(String header, Function<T, String> value) {
    return column(header, HorizontalAlign.RIGHT).with(value);
  }

  private static Column column(String header, HorizontalAlign align) {
    return new Column()
        .header(header)
        .headerAlign(align)
        .dataAlign(align)
        .maxWidth(Integer.MAX_VALUE);
  }
}
