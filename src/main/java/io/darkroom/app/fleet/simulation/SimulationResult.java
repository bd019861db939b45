package io.darkroom.app.fleet.simulation;

import java.util.List;

/**
 * What a trace cost with a rule of scaling.
 *
 * @param waits seconds from publication to the begin of rendering, rising
 * @param gpuHours of all workers, from their start to their end
 * @param busy share of these hours in which they rendered
 * @param starts of workers
 * @param reversals changes of direction, from more workers to fewer or back
 * @param samples one a minute
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
   * The fleet at a time.
   *
   * @param workers those that start too
   * @param backlogSeconds of the device, those being rendered in full
   */
  public record Sample(int second, int workers, double backlogSeconds) {}

  /**
   * The wait that so many of a hundred requests do not exceed.
   *
   * @param percent 1 to 100
   */
  public double wait(int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * waits.size());
    return waits.get(Math.max(0, rank - 1));
  }
}
