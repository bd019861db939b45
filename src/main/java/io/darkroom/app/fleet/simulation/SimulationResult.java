package io.darkroom.app.fleet.simulation;

import java.util.List;

/**
 * The waits and costs of a trace with a scaling rule.
 *
 * @param waits seconds from publication to the start of rendering, in ascending order
 * @param gpuHours hours of all workers, from their start to their end
 * @param busy share of these hours in which they rendered
 * @param starts number of worker starts
 * @param reversals number of changes from scaling up to scaling down or back
 * @param samples one sample per minute
 */
public record SimulationResult(
    List<Double> waits,
    double gpuHours,
    double busy,
    int starts,
    int reversals,
    List<Sample> samples) {
  public SimulationResult {
    waits = waits.stream().sorted().toList();
    samples = List.copyOf(samples);
  }

  /**
   * The state of the fleet at one time.
   *
   * @param workers number of workers, including those that are starting
   * @param backlogSeconds device time of all unfinished requests; those being rendered count in
   *     full
   */
  public record Sample(int second, int workers, double backlogSeconds) {}

  /**
   * Returns a percentile of the waits.
   *
   * @param percent 1 to 100
   */
  public double wait(int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * waits.size());
    return waits.get(Math.max(0, rank - 1));
  }
}
