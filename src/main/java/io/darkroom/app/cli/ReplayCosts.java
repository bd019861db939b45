package io.darkroom.app.cli;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import io.darkroom.engine.LoadedModel;
import io.darkroom.job.Manifest;
import io.darkroom.render.ServedModels;
import io.darkroom.replay.ManifestFinder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a replay would render, per model: requests, evaluations and device time. One thread. */
final class ReplayCosts implements ReplaySelection.Visitor {
  private final ServedModels models;
  private final Map<String, Cost> costs = new TreeMap<>();

  ReplayCosts(ServedModels models) {
    this.models = models;
  }

  /** Sums for one model; the time is NaN where the model is not served or was not measured. */
  private record Cost(int requests, long evaluations, double seconds) {
    Cost and(long more, double time) {
      return new Cost(requests + 1, evaluations + more, seconds + time);
    }
  }

  @Override
  public void expect(long count) {}

  @Override
  public void visit(ManifestFinder.Found found) {
    if (found instanceof ManifestFinder.Found.Request request) {
      Manifest original = request.recorded().original();
      String model = request.recorded().request().model().name();
      Cost before = costs.getOrDefault(model, new Cost(0, 0, 0));
      costs.put(model, before.and(original.modelEvaluations(), seconds(model, original)));
    } else {
      Cost before = costs.getOrDefault("(not replayable)", new Cost(0, 0, 0));
      costs.put("(not replayable)", before.and(0, 0));
    }
  }

  private double seconds(String model, Manifest original) {
    @Nullable LoadedModel served = models.byName().get(model);
    if (served == null || original.outputs().isEmpty()) {
      return Double.NaN;
    }
    double perRow =
        original
            .outputs()
            .get(0)
            .size()
            .map(size -> served.findings().cost().secondsPerRow(served.card().sampleOf(size)))
            .orElse(0.0);
    return perRow == 0 ? Double.NaN : original.modelEvaluations() * perRow;
  }

  /** One row per model. */
  String table() {
    List<Map.Entry<String, Cost>> rows = List.copyOf(costs.entrySet());
    return AsciiTable.getTable(
        AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS,
        rows,
        List.of(
            new Column().header("model").dataAlign(HorizontalAlign.LEFT).with(Map.Entry::getKey),
            new Column().header("requests").with(row -> row.getValue().requests() + ""),
            new Column().header("evaluations").with(row -> row.getValue().evaluations() + ""),
            new Column().header("device seconds").with(row -> text(row.getValue().seconds()))));
  }

  private static String text(double seconds) {
    return Double.isNaN(seconds) ? "not known" : String.format(Locale.ROOT, "%.1f", seconds);
  }
}
