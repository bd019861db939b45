package io.darkroom.bench;

import io.darkroom.Studio;
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

  private final Effort effort;

  PictureBench(Effort effort) {
    this.effort = effort;
  }

  List<PictureFigure> measure(Subject subject) throws Exception {
    List<PictureFigure> figures = new ArrayList<>();
    try (Studio studio = new Studio(16, EngineObserver.NONE, subject.folder())) {
      studio.render(List.of(studio.request(subject.request(0))));
      for (int together : TOGETHER) {
        figures.add(measure(subject, studio, together));
      }
    }
    return figures;
  }

  private PictureFigure measure(Subject subject, Studio studio, int together) {
    List<RenderRequest> requests =
        IntStream.range(0, together)
            .mapToObj(seed -> studio.request(subject.request(seed)))
            .toList();
    List<Double> millis = new ArrayList<>();
    long evaluations = 0;
    long begin = System.nanoTime();
    while (!effort.enough(millis.size(), System.nanoTime() - begin)) {
      long start = System.nanoTime();
      List<StageOutcome> outcomes = studio.render(requests);
      millis.add((System.nanoTime() - start) / 1e6 / together);
      evaluations = outcomes.get(0).evaluations();
    }
    double each = Meter.median(millis.stream().mapToDouble(Double::doubleValue).toArray());
    return new PictureFigure(subject.name(), together, evaluations, 1000 / each, each);
  }
}
