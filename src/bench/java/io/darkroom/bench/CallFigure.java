package io.darkroom.bench;

import io.darkroom.onnx.Provider;

/**
 * The network's call beside the loop around it.
 *
 * @param provider what computes
 * @param device its name
 * @param rows of a call
 * @param rounds whole renders of which the medians are
 * @param rawMillisPerRow of {@code OrtSession.run}
 * @param loopMillisPerRow of the engine: the call, sampler, guidance, noise, beginning and end
 * @param ratio raw to loop, of each round
 * @param rawCpuMillisPerRow as above, of the thread's time on a processor
 * @param loopCpuMillisPerRow as above
 * @param cpuRatio as above: what counts on a processor that others use too
 * @param share of the loop's time that its own calls of the network are; where the ratio differs,
 *     two sessions of one network differ
 * @param cpuShare as above, of the thread's time on a processor
 * @param imagesPerSecond of 50 guided steps, 100 rows each
 * @param gpu what the loop alone, without raw calls between, makes of the GPU
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

  /** The share that counts: a GPU's time is none of the processor's. */
  double telling() {
    return onProcessor() ? cpuShare : share;
  }

  /** The milliseconds that count. */
  double tellingMillisPerRow() {
    return onProcessor() ? loopCpuMillisPerRow : loopMillisPerRow;
  }

  private boolean onProcessor() {
    return provider.equals(Provider.CPU.wire());
  }

  double besidesMicrosPerRow() {
    return 1000 * tellingMillisPerRow() * (1 - telling());
  }
}
