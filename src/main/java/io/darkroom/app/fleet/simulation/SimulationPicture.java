package io.darkroom.app.fleet.simulation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Draws the number of workers over time as an SVG picture, with one panel per trace and one line
 * per scaling rule.
 */
public final class SimulationPicture {
  private static final int WIDTH = 860;
  private static final int PANEL = 150;
  private static final int LEFT = 46;
  private static final int RIGHT = 16;
  private static final int TOP = 40;
  private static final int PLOT = 100;
  private static final List<String> COLORS = List.of("#c2410c", "#1d4ed8");

  private SimulationPicture() {}

  /**
   * Draws results.
   *
   * @param results results by trace, then by rule, in the order of the panels and colours
   */
  public static String of(Map<String, Map<String, SimulationResult>> results) {
    StringBuilder svg = new StringBuilder();
    int height = TOP + results.size() * PANEL;
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">\n"
            .formatted(WIDTH, height));
    svg.append("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n".formatted(WIDTH, height));
    int y = TOP;
    int legend = LEFT;
    int color = 0;
    for (String rule : results.values().iterator().next().keySet()) {
      svg.append(text(legend, 20, COLORS.get(color), "workers, scaled by " + rule));
      legend += 220;
      color++;
    }
    for (Map.Entry<String, Map<String, SimulationResult>> trace : results.entrySet()) {
      panel(svg, y, trace.getKey(), trace.getValue());
      y += PANEL;
    }
    return svg.append("</svg>\n").toString();
  }

  private static void panel(
      StringBuilder svg, int y, String name, Map<String, SimulationResult> rules) {
    double seconds = most(rules, SimulationResult.Sample::second);
    double workers = Math.max(1, most(rules, SimulationResult.Sample::workers));
    svg.append(text(LEFT, y + 12, "#111", name + ", " + Math.round(seconds / 3600) + " h"));
    int base = y + 20 + PLOT;
    svg.append(
        "<path d=\"M%d %d V%d H%d\" fill=\"none\" stroke=\"#888\"/>\n"
            .formatted(LEFT, y + 20, base, WIDTH - RIGHT));
    svg.append(text(LEFT - 24, y + 26, "#555", Long.toString(Math.round(workers))));
    svg.append(text(LEFT - 24, base, "#555", "0"));
    int color = 0;
    for (SimulationResult result : rules.values()) {
      String points =
          result.samples().stream()
              .map(sample -> point(sample, seconds, workers, base))
              .collect(Collectors.joining(" "));
      svg.append(
          "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" stroke-opacity=\"0.8\"/>\n"
              .formatted(points, COLORS.get(color++)));
    }
  }

  private static String point(
      SimulationResult.Sample sample, double seconds, double workers, int base) {
    double x = LEFT + sample.second() / seconds * (WIDTH - LEFT - RIGHT);
    return String.format(Locale.ROOT, "%.1f,%.1f", x, base - sample.workers() / workers * PLOT);
  }

  private static double most(
      Map<String, SimulationResult> rules, ToDoubleFunction<SimulationResult.Sample> value) {
    return rules.values().stream()
        .flatMap(result -> result.samples().stream())
        .mapToDouble(value)
        .max()
        .orElse(1);
  }

  private static String text(int x, int y, String color, String text) {
    return "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>\n".formatted(x, y, color, text);
  }
}
