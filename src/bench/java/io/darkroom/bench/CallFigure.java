package io.darkroom.bench;

/**
 * The network's call beside the loop around it.
 *
 * @param rows of a call
 * @param rounds whole renders of which the medians are
 * @param rawMillisPerRow of {@code OrtSession.run}
 * @param loopMillisPerRow of the engine: the call, sampler, guidance, noise, beginning and end
 * @param ratio raw to loop, of each round
 * @param rawCpuMillisPerRow as above, of the thread's time on a processor
 * @param loopCpuMillisPerRow as above
 * @param cpuRatio as above: what counts on a machine that others use too
 * @param cpuShare of the loop's time that its own calls of the network are; where the ratio
 *     differs, two sessions of one network differ
 */
public record CallFigure(
    String model,
    String sample,
    int rows,
    int rounds,
    double rawMillisPerRow,
    double loopMillisPerRow,
    double ratio,
    double rawCpuMillisPerRow,
    double loopCpuMillisPerRow,
    double cpuRatio,
    double cpuShare) {

  double rawCpuMillisPerCall() {
    return rawCpuMillisPerRow * rows;
  }

  /** Images a second of 50 guided steps, 100 rows each. */
  double imagesPerSecond() {
    return 10 / loopMillisPerRow;
  }

  double besidesMicrosPerRow() {
    return 1000 * loopCpuMillisPerRow * (1 - cpuShare);
  }
}
