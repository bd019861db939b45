package io.darkroom.app.fleet.simulation;

import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The waits and costs of a trace with a scaling rule.
 *
 * @param waits requests by their wait, in ascending order
 * @param gpuHours hours of all workers, from their start to their end
 * @param busy share of these hours in which they rendered
 * @param starts number of worker starts
 * @param reversals number of changes from scaling up to scaling down or back
 * @param samples one sample per minute
 */
public record SimulationResult(
    List<Wait> waits,
    double gpuHours,
    double busy,
    int starts,
    int reversals,
    List<Sample> samples) {
  public SimulationResult {
    waits = waits.stream().sorted(Comparator.comparingDouble(Wait::seconds)).toList();
    samples = List.copyOf(samples);
  }

  /**
   * The wait of a request.
   *
   * @param model name of its model; empty if the trace has no models
   * @param seconds from publication to the start of rendering
   */
  public record Wait(String model, double seconds) {}

  /**
   * The state of the fleet at one time.
   *
   * @param workers number of workers, including those that are starting
   * @param backlogSeconds device time of all unfinished requests; those being rendered count in
   *     full
   */
  public record Sample(int second, int workers, double backlogSeconds) {}

  /**
   * Returns a percentile of the waits, in seconds.
   *
   * @param percent 1 to 100
   */
  public double wait(int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * waits.size());
    return waits.get(Math.max(0, rank - 1)).seconds();
  }

  /** Returns the same result with the waits of one model only. */
  public SimulationResult of(String model) {
    List<Wait> some = waits.stream().filter(wait -> wait.model().equals(model)).toList();
    return new SimulationResult(some, gpuHours, busy, starts, reversals, samples);
  }

  /** Returns the models of the requests, in alphabetical order. */
  public SortedSet<String> models() {
    return waits.stream().map(Wait::model).collect(Collectors.toCollection(TreeSet::new));
  }
}
