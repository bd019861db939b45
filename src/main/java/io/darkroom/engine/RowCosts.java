package io.darkroom.engine;

import io.darkroom.model.Shape;
import java.util.HashMap;
import java.util.Map;

/**
 * What a row of each package costs, by the shape of its samples: what the profile of its start
 * says, in proportion to the elements, until calls of that shape have been made; then the moving
 * mean of those. Engine thread only.
 */
final class RowCosts {
  /** Share of the newest call in the mean. */
  private static final double NEWEST = 0.1;

  private static final int MOST_SHAPES = 256;

  private final Map<String, OfPackage> packages = new HashMap<>();

  /** A package's costs. */
  private static final class OfPackage {
    private final Map<Shape, Cost> shapes = new HashMap<>();
    private double nanosPerElement;
  }

  /** The cost of a row of one shape. */
  static final class Cost {
    private final OfPackage owner;
    private final int elements;
    private double mean;

    private Cost(OfPackage owner, int elements) {
      this.owner = owner;
      this.elements = elements;
    }

    /** A call of so many rows took so long. */
    void called(int rows, long nanos) {
      double now = (double) nanos / rows;
      mean = mean == 0 ? now : mean + NEWEST * (now - mean);
      owner.nanosPerElement = mean / elements;
    }

    /** Nanoseconds of a row; 0 where nothing is known yet. */
    double nanosPerRow() {
      return mean > 0 ? mean : owner.nanosPerElement * elements;
    }
  }

  /** A package was opened. */
  void opened(Networks networks) {
    OfPackage costs = of(networks.card().name());
    if (costs.nanosPerElement == 0) {
      costs.nanosPerElement = networks.findings().cost().nanosPerElement();
    }
  }

  /** The cost of samples of this shape, always the same object while it is in use. */
  Cost of(String model, Shape sample) {
    OfPackage costs = of(model);
    if (costs.shapes.size() > MOST_SHAPES) {
      costs.shapes.clear();
    }
    return costs.shapes.computeIfAbsent(sample, shape -> new Cost(costs, shape.size()));
  }

  /** Nanoseconds of the device that a job still needs; 0 where nothing is known yet. */
  double nanosLeft(ActiveJob job) {
    return job.rowsLeft() * of(job.stage().model().name(), job.sample()).nanosPerRow();
  }

  /**
   * Time of the device until the job's last evaluation, where all that is there now goes on side by
   * side: of every other job as much as this one needs itself at most.
   */
  long nanosUntilDone(ActiveJob job, Iterable<ActiveJob> all) {
    double own = nanosLeft(job);
    double sum = 0;
    for (ActiveJob each : all) {
      sum += Math.min(own, nanosLeft(each));
    }
    return Math.round(sum);
  }

  private OfPackage of(String model) {
    return packages.computeIfAbsent(model, name -> new OfPackage());
  }
}
