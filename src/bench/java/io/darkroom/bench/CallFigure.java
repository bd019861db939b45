package io.darkroom.bench;

import io.darkroom.onnx.Provider;

/**
 * Calls of the network compared with the loop around them.
 *
 * @param provider execution provider
 * @param device its name
 * @param rows rows per call
 * @param rounds number of complete renders; the figures are their medians
 * @param rawMillisPerRow milliseconds of {@code OrtSession.run}
 * @param loopMillisPerRow milliseconds of the engine: the call, sampler, guidance, noise, begin and
 *     end
 * @param ratio raw time over loop time, of each round
 * @param rawCpuMillisPerRow the same in CPU time of the thread
 * @param loopCpuMillisPerRow the same in CPU time of the thread
 * @param cpuRatio the ratio in CPU time, for a CPU that other processes also use
 * @param share share of the loop's time in its calls of the network; if it differs from the ratio,
 *     two sessions of one network differ
 * @param cpuShare the share in CPU time of the thread
 * @param imagesPerSecond images of 50 guided steps, 100 rows each
 * @param gpu use of the GPU by the loop alone, without raw calls in between
 */
public record CallFigure(
    String model,
    String sample,
    String provider,
    String device,
    int rows,
    int rounds,
    double rawMillisPerRow,
    double loopMillisPerRow,
    double ratio,
    double rawCpuMillisPerRow,
    double loopCpuMillisPerRow,
    double cpuRatio,
    double share,
    double cpuShare,
    double imagesPerSecond,
    GpuUse gpu) {

  double rawCpuMillisPerCall() {
    return rawCpuMillisPerRow * rows;
  }

  /** Returns the share in CPU time on a CPU, and in elapsed time on a GPU. */
  double relevantShare() {
    return onProcessor() ? cpuShare : share;
  }

  /** Returns CPU time on a CPU, and elapsed time on a GPU. */
  double relevantMillisPerRow() {
    return onProcessor() ? loopCpuMillisPerRow : loopMillisPerRow;
  }

  private boolean onProcessor() {
    return provider.equals(Provider.CPU.wire());
  }

  double besidesMicrosPerRow() {
    return 1000 * relevantMillisPerRow() * (1 - relevantShare());
  }
}
