package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.fleet.PrometheusRowTimes;
import io.darkroom.app.fleet.RowTimes;
import io.darkroom.model.BrokenPackage;
import io.darkroom.onnx.KnownAnswers;
import io.darkroom.onnx.ModelPackage;
import io.darkroom.onnx.PackageCatalog;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The sources of row times of the exporter: options, Prometheus, known answers. */
final class ExporterRowTimes {
  private ExporterRowTimes() {}

  /** Reads the times once and prints them; names the packages without one. */
  static RowTimes of(
      Map<String, Double> given,
      @Nullable URI prometheus,
      PackageCatalog catalog,
      DarkroomConfig config,
      Terminal terminal) {
    List<RowTimes.Source> sources = new ArrayList<>();
    sources.add(() -> given);
    if (prometheus != null) {
      sources.add(new PrometheusRowTimes(prometheus));
    }
    KnownAnswers known = Configured.opening(config).known();
    sources.add(() -> slowest(known, catalog));
    RowTimes times = new RowTimes(sources, terminal::complain, System::nanoTime);
    times.refresh();
    for (String name : catalog.packages().keySet()) {
      OptionalDouble millis = times.of(name);
      if (millis.isPresent()) {
        terminal.out().println(name + ": " + millis.getAsDouble() + " ms per row");
      } else {
        terminal.complain(
            name + ": the time of a row is not known yet; set --millis-per-row " + name);
      }
    }
    return times;
  }

  private static Map<String, Double> slowest(KnownAnswers known, PackageCatalog catalog)
      throws IOException {
    Map<String, Double> slowest = new TreeMap<>();
    for (ModelPackage pack : catalog.packages().values()) {
      try {
        known.profiles(pack).stream()
            .mapToDouble(profile -> profile.millisPerRow())
            .filter(millis -> millis > 0)
            .max()
            .ifPresent(millis -> slowest.put(pack.card().name(), millis));
      } catch (BrokenPackage damaged) {
        throw new IOException(damaged.getMessage(), damaged);
      }
    }
    return slowest;
  }
}
