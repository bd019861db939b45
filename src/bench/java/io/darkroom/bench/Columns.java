package io.darkroom.bench;

import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Formats the columns of tables. */
final class Columns {

  private Columns() {}

  static <T> ColumnData<T> text(String header, Function<T, String> value) {
    return new Column().header(header).dataAlign(HorizontalAlign.LEFT).with(value);
  }

  static <T> ColumnData<T> count(String header, ToDoubleFunction<T> value) {
    return number(header, "%.0f", value);
  }

  static <T> ColumnData<T> number(String header, String format, ToDoubleFunction<T> value) {
    return new Column()
        .header(header)
        .with(row -> String.format(Locale.ROOT, format, value.applyAsDouble(row)));
  }

  /** Formats optional numbers. */
  static <T> ColumnData<T> optional(
      String header, String otherwise, Function<T, OptionalDouble> value) {
    return text(header, row -> shown(value.apply(row), otherwise));
  }

  private static String shown(OptionalDouble value, String otherwise) {
    return value.isPresent() ? String.format(Locale.ROOT, "%.2f", value.getAsDouble()) : otherwise;
  }
}
