package io.darkroom.engine;

import io.darkroom.diffusion.FeatureCache;
import io.darkroom.model.Shape;
import io.darkroom.plan.Stage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The cost of a row of each package, by the shape of its samples. Before the first call of a shape,
 * it is the cost from the profile at start, in proportion to the number of elements; after that, it
 * is a moving average of the calls. Engine thread only.
 */
final class RowCosts {
  /** Weight of the newest call in the moving average. */
  private static final double NEWEST = 0.1;

  private static final int MOST_SHAPES = 256;

  private final Map<String, OfPackage> packages = new HashMap<>();

  /** Costs of one package. */
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

    /** Updates the cost after a call. */
    void update(int rows, long nanos) {
      double now = (double) nanos / rows;
      mean = mean == 0 ? now : mean + NEWEST * (now - mean);
      owner.nanosPerElement = mean / elements;
    }

    /** Returns the nanoseconds per row; 0 if not known yet. */
    double nanosPerRow() {
      return mean > 0 ? mean : owner.nanosPerElement * elements;
    }
  }

  /** Takes the profile of a package that was opened. */
  void add(Networks networks) {
    OfPackage costs = of(networks.card().name());
    if (costs.nanosPerElement == 0) {
      costs.nanosPerElement = networks.findings().cost().nanosPerElement();
    }
  }

  /** Returns the cost for samples of this shape; the same object while it is in use. */
  Cost of(String model, Shape sample) {
    OfPackage costs = of(model);
    if (costs.shapes.size() > MOST_SHAPES) {
      costs.shapes.clear();
    }
    return costs.shapes.computeIfAbsent(sample, shape -> new Cost(costs, shape.size()));
  }

  /**
   * Rows of a stage.
   *
   * @param full name of the network of full evaluations, for costs; of all without a cache
   * @param shallow name of the network of the other evaluations
   * @param shareOfFull part of the evaluations that is full, 1 without a cache
   */
  record Rows(
      String model, String full, String shallow, double shareOfFull, Shape sample, long count) {

    static Rows of(Stage stage) {
      String model = stage.model().name();
      if (stage.cache().isEmpty()) {
        return new Rows(model, model, model, 1, stage.sample(), stage.rows());
      }
      FeatureCache cache = stage.cache().get();
      int evaluations = stage.sampler().evaluations();
      return new Rows(
          model,
          new Pass(Pass.Kind.FULL, cache.depth()).costName(model),
          new Pass(Pass.Kind.SHALLOW, cache.depth()).costName(model),
          (double) cache.full(stage.guidance(), evaluations) / evaluations,
          stage.sample(),
          stage.rows());
    }
  }

  /** Returns the mean nanoseconds per row of a stage; 0 if not known yet. */
  private double nanosPerRow(Rows rows) {
    double whole = of(rows.model(), rows.sample()).nanosPerRow();
    if (rows.shareOfFull() == 1) {
      return whole;
    }
    double full = of(rows.full(), rows.sample()).nanosPerRow();
    double shallow = of(rows.shallow(), rows.sample()).nanosPerRow();
    return rows.shareOfFull() * (full > 0 ? full : whole)
        + (1 - rows.shareOfFull()) * (shallow > 0 ? shallow : whole);
  }

  /**
   * Returns the nanoseconds of the device that a job still needs, with the stages that follow it; 0
   * if not known yet.
   */
  double nanosLeft(ActiveJob job) {
    double nanos = nanosOfStage(job);
    List<Rows> following = job.following();
    for (int i = 0; i < following.size() && !job.ended(); i++) {
      Rows rows = following.get(i);
      nanos += rows.count() * nanosPerRow(rows);
    }
    return nanos;
  }

  /**
   * Returns the nanoseconds of the device that the stage of a job still needs; 0 if not known yet.
   */
  double nanosOfStage(ActiveJob job) {
    return job.rowsLeft() * nanosPerRow(job.ownRows());
  }

  /**
   * Returns the estimated time until the job's last evaluation if all current jobs run
   * concurrently. Of each other job it includes at most as much time as this job needs itself.
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
