package io.darkroom.bench;

import io.darkroom.DirectEngine;
import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageOutcome;
import io.darkroom.job.RenderRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Measures pictures per second with the defaults of each package, one at a time and eight together.
 */
final class PictureBench {
  private static final int[] TOGETHER = {1, 8};

  private final MeasuringTime measuringTime;

  PictureBench(MeasuringTime measuringTime) {
    this.measuringTime = measuringTime;
  }

  List<PictureFigure> measure(MeasuredPackage measured) throws Exception {
    List<PictureFigure> figures = new ArrayList<>();
    try (DirectEngine directEngine = new DirectEngine(16, EngineObserver.NONE, measured.folder())) {
      directEngine.render(List.of(directEngine.request(measured.request(0))));
      for (int together : TOGETHER) {
        figures.add(measure(measured, directEngine, together));
      }
    }
    return figures;
  }

  private PictureFigure measure(MeasuredPackage measured, DirectEngine directEngine, int together) {
    List<RenderRequest> requests =
        IntStream.range(0, together)
            .mapToObj(seed -> directEngine.request(measured.request(seed)))
            .toList();
    List<Double> millis = new ArrayList<>();
    long evaluations = 0;
    long begin = System.nanoTime();
    while (!measuringTime.enough(millis.size(), System.nanoTime() - begin)) {
      long start = System.nanoTime();
      List<StageOutcome> outcomes = directEngine.render(requests);
      millis.add((System.nanoTime() - start) / 1e6 / together);
      evaluations = outcomes.get(0).evaluations();
    }
    double each = Meter.median(millis.stream().mapToDouble(Double::doubleValue).toArray());
    return new PictureFigure(measured.name(), together, evaluations, 1000 / each, each);
  }
}
