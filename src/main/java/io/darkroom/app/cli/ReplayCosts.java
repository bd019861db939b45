package io.darkroom.app.cli;

import static java.util.stream.Collectors.toMap;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import io.darkroom.engine.LoadedModel;
import io.darkroom.model.ModelCard;
import io.darkroom.plan.Planner;
import io.darkroom.plan.RenderPlan;
import io.darkroom.plan.Stage;
import io.darkroom.render.ServedModels;
import io.darkroom.replay.ManifestFinder;
import io.darkroom.replay.Recorded;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Sums up the cost of a replay per model: requests, evaluations and device time. A request with
 * several stages counts for the model of each stage. Used by one thread.
 */
final class ReplayCosts implements ReplaySelection.Visitor {
  private static final String NOT_REPLAYABLE = "(not replayable)";

  private final ServedModels models;
  private final RecordedPlans plans;
  private final Map<String, Cost> costs = new TreeMap<>();

  ReplayCosts(ServedModels models, Planner planner) {
    this.models = models;
    this.plans =
        new RecordedPlans(
            models.inOrder().stream()
                .map(LoadedModel::card)
                .collect(toMap(ModelCard::name, card -> card)),
            planner);
  }

  /** Sums for one model. The time is NaN if the model was not measured. */
  private record Cost(int requests, long evaluations, double seconds) {
    /** Returns the cost of stages of the same request. */
    Cost andStage(Cost other) {
      return new Cost(requests, evaluations + other.evaluations, seconds + other.seconds);
    }

    Cost and(Cost other) {
      return new Cost(
          requests + other.requests, evaluations + other.evaluations, seconds + other.seconds);
    }
  }

  @Override
  public void expect(long count) {}

  @Override
  public void visit(ManifestFinder.Found found) {
    Optional<RenderPlan> plan =
        found instanceof ManifestFinder.Found.Request request
            ? plan(request.recorded())
            : Optional.empty();
    Map<String, Cost> added =
        plan.map(this::stages).orElseGet(() -> Map.of(NOT_REPLAYABLE, new Cost(1, 0, 0)));
    added.forEach((model, cost) -> costs.merge(model, cost, Cost::and));
  }

  private Optional<RenderPlan> plan(Recorded recorded) {
    int last = recorded.request().stages().size() - 1;
    return plans.of(recorded.request(), last, recorded.original().outputs().get(0).size());
  }

  private Map<String, Cost> stages(RenderPlan plan) {
    Map<String, Cost> stages = new TreeMap<>();
    plan.stages().forEach(stage -> stages.merge(stage.model().name(), cost(stage), Cost::andStage));
    return stages;
  }

  private Cost cost(Stage stage) {
    LoadedModel served = Objects.requireNonNull(models.byName().get(stage.model().name()));
    double perRow = served.findings().cost().secondsPerRow(stage.sample());
    return new Cost(1, stage.rows(), perRow == 0 ? Double.NaN : stage.rows() * perRow);
  }

  /** Returns a table with one row per model. */
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
