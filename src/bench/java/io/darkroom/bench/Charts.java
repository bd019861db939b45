package io.darkroom.bench;

import java.awt.Color;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.knowm.xchart.style.theme.MatlabTheme;

/** Line charts of figures. */
final class Charts {
  private static final int WIDTH = 800;
  private static final int HEIGHT = 500;
  private static final Color BARS = new Color(0x9DBDDB);

  private Charts() {}

  /** One line for each model, over the rows of a call. */
  static XYChart byRows(
      String title, String axis, List<CallFigure> figures, ToDoubleFunction<CallFigure> value) {
    XYChart chart = lines(title, "rows per call (batch size)", axis);
    Map<String, List<CallFigure>> byModel = new LinkedHashMap<>();
    figures.forEach(
        figure ->
            byModel.computeIfAbsent(figure.model(), m -> new java.util.ArrayList<>()).add(figure));
    byModel.forEach(
        (model, own) ->
            chart.addSeries(
                model,
                own.stream().mapToDouble(CallFigure::rows).toArray(),
                own.stream().mapToDouble(value).toArray()));
    return chart;
  }

  /** P99 latency over the load on a log scale, one line per policy. */
  static XYChart byLoad(String title, List<TraceFigure> figures) {
    XYChart chart =
        lines(title, "offered load, % of the capacity of continuous batching", "ms (log scale)");
    chart.getStyler().setXAxisMin(null);
    logarithmic(chart, figures.stream().mapToDouble(TraceFigure::p99Millis).summaryStatistics());
    figures.stream()
        .map(TraceFigure::policy)
        .distinct()
        .forEach(policy -> chart.addSeries(policy, loads(figures, policy), p99(figures, policy)));
    return chart;
  }

  /** The points' density as a histogram, and the true density as a line. */
  static XYChart density(String title, PointsFigure figure) {
    XYChart chart = lines(title, "value", "density");
    double[] middles = bars(figure, PointsFigure.Bar::middle);
    double half = (middles[1] - middles[0]) / 2;
    chart.getStyler().setXAxisMin(middles[0] - half);
    chart.getStyler().setXAxisMax(middles[middles.length - 1] + half);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNW);
    XYSeries histogram =
        chart.addSeries(
            "points",
            Arrays.stream(middles).map(middle -> middle - half).toArray(),
            bars(figure, PointsFigure.Bar::density));
    histogram.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.StepArea);
    histogram.setMarker(SeriesMarkers.NONE).setLineColor(BARS).setFillColor(BARS);
    XYSeries truth =
        chart.addSeries("true density", middles, bars(figure, PointsFigure.Bar::truth));
    truth.setMarker(SeriesMarkers.NONE).setLineColor(Color.BLACK);
    return chart;
  }

  private static double[] bars(PointsFigure figure, ToDoubleFunction<PointsFigure.Bar> value) {
    return figure.histogram().stream().mapToDouble(value).toArray();
  }

  /** The axis covers whole decades, so that it has labels. */
  private static void logarithmic(XYChart chart, DoubleSummaryStatistics values) {
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setYAxisDecimalPattern("#,###");
    chart.getStyler().setYAxisMin(Math.pow(10, Math.floor(Math.log10(values.getMin()))));
    chart.getStyler().setYAxisMax(Math.pow(10, Math.ceil(Math.log10(values.getMax()))));
  }

  /** Memory over time. */
  static XYChart memory(List<SoakFigure> figures) {
    XYChart chart = lines("Memory of a worker at full load", "minutes", "MiB");
    double[] minutes = figures.stream().mapToDouble(SoakFigure::minutes).toArray();
    chart.addSeries(
        "resident", minutes, figures.stream().mapToDouble(SoakFigure::residentMebibytes).toArray());
    chart.addSeries(
        "heap after a collection",
        minutes,
        figures.stream().mapToDouble(SoakFigure::heapMebibytes).toArray());
    return chart;
  }

  private static double[] loads(List<TraceFigure> figures, String policy) {
    return of(figures, policy).mapToDouble(figure -> 100 * figure.load().orElseThrow()).toArray();
  }

  private static double[] p99(List<TraceFigure> figures, String policy) {
    return of(figures, policy).mapToDouble(TraceFigure::p99Millis).toArray();
  }

  private static Stream<TraceFigure> of(List<TraceFigure> figures, String policy) {
    return figures.stream()
        .filter(figure -> figure.policy().equals(policy))
        .filter(figure -> figure.load().isPresent());
  }

  static XYChart lines(String title, String x, String y) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    chart.getStyler().setTheme(new MatlabTheme());
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setXAxisMin(0.0);
    return chart;
  }
}
