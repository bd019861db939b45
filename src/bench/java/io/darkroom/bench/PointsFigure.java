package io.darkroom.bench;

import java.util.List;

/**
 * Points of the one-dimensional starter model.
 *
 * @param sampler class name in the request
 * @param steps number of steps
 * @param points number of points
 * @param distance Kolmogorov-Smirnov distance between the points and the true distribution
 * @param histogram density of the points in equal intervals
 */
public record PointsFigure(
    String sampler, int steps, int points, double distance, List<Bar> histogram) {

  public PointsFigure {
    histogram = List.copyOf(histogram);
  }

  /**
   * The points of an interval.
   *
   * @param middle middle of the interval
   * @param density share of the points, divided by the interval's width
   * @param truth density of the true distribution in the middle
   */
  public record Bar(double middle, double density, double truth) {}
}
