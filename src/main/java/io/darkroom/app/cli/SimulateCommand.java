package io.darkroom.app.cli;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import io.darkroom.app.Version;
import io.darkroom.app.fleet.simulation.FleetSettings;
import io.darkroom.app.fleet.simulation.FleetSimulation;
import io.darkroom.app.fleet.simulation.Scaling;
import io.darkroom.app.fleet.simulation.SimulationPicture;
import io.darkroom.app.fleet.simulation.SimulationResult;
import io.darkroom.app.fleet.simulation.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Compares scaling rules on traces, without a broker or a device. */
@Command(
    name = "simulate",
    description = {
      "Simulates a fleet on traces, scaled by lag and by device seconds, and prints waits, GPU"
          + " hours and starts of workers.",
      "The lag per worker is set for the trace: target wait / mean device seconds of a request."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class SimulateCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description =
          "A recorded trace, lines SECOND,DEVICE_SECONDS[,MODEL] (exporter --trace). Default:"
              + " steady, bursts and daily.")
  private List<Path> files = List.of();

  @Option(
      names = "--target-wait",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "Accepted wait. Default: ${DEFAULT-VALUE}.")
  private double targetWait;

  @Option(
      names = "--max-workers",
      paramLabel = "N",
      defaultValue = "8",
      description = "Maximum number of workers. Default: ${DEFAULT-VALUE}.")
  private int maxWorkers;

  @Option(
      names = "--start",
      paramLabel = "SECONDS",
      split = ",",
      defaultValue = "60,180",
      description = "Shortest and longest start of a worker. Default: ${DEFAULT-VALUE}.")
  private List<Double> start = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of arrivals and start times. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--by-model", description = "Also prints the waits of each model.")
  private boolean byModel;

  @Option(
      names = "--picture",
      paramLabel = "FILE",
      description = "Writes the workers over time as SVG.")
  private @Nullable Path picture;

  /** A row of the table. */
  private record Row(Trace trace, Scaling scaling, SimulationResult result) {
    String wait(int percent) {
      return decimal("%.0f", result.wait(percent));
    }
  }

  /** A row of the table by model: a row with the waits of this model only. */
  private record OfModel(String model, Row row) {
    String wait(int percent) {
      return row.wait(percent);
    }
  }

  @Override
  public Integer call() throws IOException {
    check(targetWait > 0, "--target-wait: must be above 0, is " + targetWait);
    OptionCheck.atLeastOne(spec, "--max-workers", maxWorkers);
    check(
        start.size() == 2 && start.get(0) >= 0 && start.get(0) <= start.get(1),
        "--start: must be the shortest and the longest, is " + start);
    FleetSettings keda = FleetSettings.KEDA;
    FleetSettings settings =
        new FleetSettings(
            maxWorkers, start.get(0), start.get(1), keda.interval(), keda.window(), seed);
    List<Row> rows = new ArrayList<>();
    for (Trace trace : traces()) {
      for (Scaling scaling : Scaling.rules(trace, targetWait)) {
        rows.add(new Row(trace, scaling, FleetSimulation.run(trace, scaling, settings)));
      }
    }
    Terminal.of(spec).out().println(table(rows));
    if (byModel) {
      Terminal.of(spec).out().println(tableByModel(rows));
    }
    if (picture != null) {
      Files.writeString(picture, SimulationPicture.of(byTrace(rows)));
    }
    return 0;
  }

  private List<Trace> traces() throws IOException {
    List<Trace> traces = new ArrayList<>();
    for (Path file : files) {
      traces.add(Trace.read(file));
    }
    return traces.isEmpty() ? Trace.synthetic(seed) : traces;
  }

  private static Map<String, Map<String, SimulationResult>> byTrace(List<Row> rows) {
    Map<String, Map<String, SimulationResult>> results = new LinkedHashMap<>();
    rows.forEach(
        row ->
            results
                .computeIfAbsent(row.trace().name(), any -> new LinkedHashMap<>())
                .put(row.scaling().name(), row.result()));
    return results;
  }

  private static String table(List<Row> rows) {
    List<ColumnData<Row>> columns =
        List.of(
            column("trace", HorizontalAlign.LEFT, row -> row.trace().name()),
            column("scaled by", HorizontalAlign.LEFT, row -> row.scaling().name()),
            seconds("P50 wait s", 50),
            seconds("P95 wait s", 95),
            seconds("longest s", 100),
            number("GPU hours", row -> decimal("%.1f", row.result().gpuHours())),
            number("busy", row -> decimal("%.0f %%", 100 * row.result().busy())),
            number("starts", row -> Integer.toString(row.result().starts())),
            number("reversals", row -> Integer.toString(row.result().reversals())));
    return AsciiTable.getTable(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS, rows, columns);
  }

  private static String tableByModel(List<Row> rows) {
    List<OfModel> waits = new ArrayList<>();
    for (Row row : rows) {
      for (String model : row.result().models()) {
        waits.add(new OfModel(model, new Row(row.trace(), row.scaling(), row.result().of(model))));
      }
    }
    List<ColumnData<OfModel>> columns =
        List.of(
            column("trace", HorizontalAlign.LEFT, each -> each.row().trace().name()),
            column("scaled by", HorizontalAlign.LEFT, each -> each.row().scaling().name()),
            column("model", HorizontalAlign.LEFT, OfModel::model),
            column(
                "requests",
                HorizontalAlign.RIGHT,
                each -> Integer.toString(each.row().result().waits().size())),
            column("P50 wait s", HorizontalAlign.RIGHT, each -> each.wait(50)),
            column("P95 wait s", HorizontalAlign.RIGHT, each -> each.wait(95)),
            column("longest s", HorizontalAlign.RIGHT, each -> each.wait(100)));
    return AsciiTable.getTable(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS, waits, columns);
  }

  private static ColumnData<Row> seconds(String header, int percent) {
    return number(header, row -> row.wait(percent));
  }

  private static ColumnData<Row> number(String header, Function<Row, String> cell) {
    return column(header, HorizontalAlign.RIGHT, cell);
  }

  private static <T> ColumnData<T> column(
      String header, HorizontalAlign align, Function<T, String> cell) {
    return new Column().header(header).headerAlign(align).dataAlign(align).with(cell);
  }

  private static String decimal(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private void check(boolean kept, String rule) {
    if (!kept && spec != null) {
      throw new ParameterException(spec.commandLine(), rule);
    }
  }
}
