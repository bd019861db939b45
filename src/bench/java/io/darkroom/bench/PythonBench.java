package io.darkroom.bench;

import io.darkroom.model.BrokenPackage;
import io.darkroom.onnx.Lanes;
import io.darkroom.onnx.Provider;
import io.darkroom.plan.InvalidPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/**
 * Measures renders on one lane and on all lanes, and the loop in Python with as many threads,
 * alternately. Both render without text encoder and decoder.
 */
final class PythonBench {
  private final MeasuringTime measuringTime;
  private final String python;

  /**
   * @param python interpreter with numpy and ONNX Runtime
   */
  PythonBench(MeasuringTime measuringTime, String python) {
    this.measuringTime = measuringTime;
    this.python = python;
  }

  List<PythonFigure> measure(MeasuredPackage measured)
      throws BrokenPackage, InvalidPlan, IOException, ExecutionException, InterruptedException {
    List<PythonFigure> figures = new ArrayList<>();
    int fitting = Lanes.fitting(Provider.CPU, 1);
    for (int count : IntStream.of(1, fitting).distinct().toArray()) {
      try (Lanes lanes = Lanes.of(count);
          LoopNetworks networks = Renders.load(measured, lanes)) {
        for (int together : LaneBench.TOGETHER) {
          figures.add(figure(measured, new Renders(measured, networks, together), count));
        }
      }
    }
    return figures;
  }

  private PythonFigure figure(MeasuredPackage measured, Renders renders, int threads)
      throws IOException, ExecutionException, InterruptedException {
    Rounds rounds = new Rounds(measuringTime);
    try (PythonLoop loop = new PythonLoop(python, measured, renders.together(), threads)) {
      renders.rehearse();
      rounds.measure(() -> new double[] {renders.seconds(), loop.seconds()});
      return new PythonFigure(
          measured.name(),
          renders.together(),
          threads,
          loop.version(),
          rounds.count(),
          renders.together() / rounds.median(0),
          renders.together() / rounds.median(1),
          rounds.ratio(1, 0));
    }
  }
}
