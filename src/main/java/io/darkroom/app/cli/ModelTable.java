package io.darkroom.app.cli;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import io.darkroom.engine.LoadedModel;
import io.darkroom.image.Medium;
import io.darkroom.model.Condition;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Profile;
import io.darkroom.onnx.ModelPackage;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Formats the table of served models, with one row per model. */
final class ModelTable {
  private static final int SHORT_DIGEST = 12;

  private ModelTable() {}

  static String of(List<LoadedModel> models, LocalEngine engine) {
    List<ColumnData<LoadedModel>> columns =
        List.of(
            left("model", model -> model.card().name()),
            left("from", model -> inputs(model.card())),
            left("pixels", model -> pixels(model.card())),
            left("sampler", model -> String.valueOf(model.card().scheduler().get("_class_name"))),
            left("tier", model -> model.device().tier()),
            left("rows", model -> model.device().rowsPerCall()),
            right("ms/row", model -> millis(model.findings().profile())),
            right("in memory", model -> megabytes(model.findings().bytes())),
            right("on disk", model -> size(engine.pack(model.card().name()))),
            left("sha256", model -> model.card().sha256().substring(0, SHORT_DIGEST)));
    return AsciiTable.getTable(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS, models, columns);
  }

  private static ColumnData<LoadedModel> left(String header, Function<LoadedModel, String> cell) {
    return column(header, HorizontalAlign.LEFT).with(cell);
  }

  private static ColumnData<LoadedModel> right(String header, Function<LoadedModel, String> cell) {
    return column(header, HorizontalAlign.RIGHT).with(cell);
  }

  private static Column column(String header, HorizontalAlign align) {
    return new Column().header(header).headerAlign(align).dataAlign(align);
  }

  private static String inputs(ModelCard card) {
    return card.conditions().isEmpty()
        ? "nothing"
        : card.conditions().stream().map(Condition::summary).collect(Collectors.joining(", "));
  }

  private static String pixels(ModelCard card) {
    if (card.enlarges()) {
      return "any";
    }
    if (!card.medium().is(Medium.Kind.PICTURE)) {
      return card.sampleOf(card.standardSize()).toString();
    }
    String standard = card.standardSize().toString();
    return card.network().anySize() ? standard + ", multiples of " + card.sizeMultiple() : standard;
  }

  private static String size(ModelPackage pack) {
    return megabytes(pack.bytes().values().stream().mapToLong(Long::longValue).sum());
  }

  private static String millis(Profile profile) {
    return profile.points().isEmpty()
        ? ""
        : String.format(Locale.ROOT, "%.2f at %d", profile.millisPerRow(), profile.bestRows());
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
