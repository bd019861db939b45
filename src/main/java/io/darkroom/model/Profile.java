package io.darkroom.model;

import io.darkroom.diffusion.Guidance;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Device time of a network's rows in calls of 1, 2, 4, ... rows with the package's default samples,
 * as measured when the package was opened.
 *
 * @param points by increasing rows; empty if not measured
 */
public record Profile(List<Point> points) {
  /** Not measured. */
  public static final Profile NONE = new Profile(List.of());

  /** Minimum relative saving of a row's time for which a call has more rows. */
  private static final double GAIN = 0.03;

  public Profile {
    points = List.copyOf(points);
  }

  /** The time of a row for one number of rows. */
  public record Point(int rows, double millisPerRow) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%d:%.2f", rows, millisPerRow);
    }
  }

  /**
   * Returns the recommended rows of a call: the fewest beyond which a row's time hardly decreases.
   */
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

  /**
   * Returns the milliseconds of a row in a call of the recommended number of rows; 0 if not
   * measured.
   */
  public double millisPerRow() {
    int best = bestRows();
    return points.stream()
        .filter(point -> point.rows() <= best)
        .mapToDouble(Point::millisPerRow)
        .reduce(0, (fewer, more) -> more);
  }

  /** Returns {@code 1:1.78 2:1.60 4:1.41}: rows, and milliseconds per row. */
  @Override
  public String toString() {
    return points.stream().map(Point::toString).collect(Collectors.joining(" "));
  }
}
