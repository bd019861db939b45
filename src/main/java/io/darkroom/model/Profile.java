package io.darkroom.model;

import io.darkroom.diffusion.Guidance;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a row of a network costs in calls of 1, 2, 4, ... rows of the package's own samples, as
 * measured when the package was opened.
 *
 * @param points by rising rows; none where nothing was measured
 */
public record Profile(List<Point> points) {
  /** Nothing was measured. */
  public static final Profile NONE = new Profile(List.of());

  /** What more rows must save of a row's time to pay. */
  private static final double GAIN = 0.03;

  public Profile {
    points = List.copyOf(points);
  }

  /** One number of rows. */
  public record Point(int rows, double millisPerRow) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%d:%.2f", rows, millisPerRow);
    }
  }

  /** The rows a call should have: the fewest beyond which a row takes hardly less time. */
  public int bestRows() {
    double least = points.stream().mapToDouble(Point::millisPerRow).min().orElse(0);
    return points.stream()
        .filter(
            point ->
                point.rows() >= Guidance.MOST_ROWS && point.millisPerRow() * (1 - GAIN) <= least)
        .mapToInt(Point::rows)
        .min()
        .orElse(Guidance.MOST_ROWS);
  }

  /** Milliseconds of a row in a call of the best number of rows; 0 where nothing was measured. */
  public double millisPerRow() {
    int best = bestRows();
    return points.stream()
        .filter(point -> point.rows() <= best)
        .mapToDouble(Point::millisPerRow)
        .reduce(0, (fewer, more) -> more);
  }

  /** {@code 1:1.78 2:1.60 4:1.41}: rows, and milliseconds of one of them. */
  @Override
  public String toString() {
    return points.stream().map(Point::toString).collect(Collectors.joining(" "));
  }
}
