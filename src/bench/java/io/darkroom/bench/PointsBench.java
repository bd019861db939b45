package io.darkroom.bench;

import io.darkroom.DirectEngine;
import io.darkroom.Mixture;
import io.darkroom.engine.EngineObserver;
import java.util.ArrayList;
import java.util.List;

/** Compares points of the one-dimensional starter model with the distribution of its training. */
final class PointsBench {
  private static final int POINTS = 16_384;
  private static final double LEAST = -4;
  private static final double MOST = 4;
  private static final int BARS = 100;

  /** A sampler with its steps. */
  private record Way(String sampler, int steps) {}

  private static final List<Way> WAYS =
      List.of(
          new Way("ddim", 50), new Way("ddim", 100), new Way("ddpm", 200), new Way("dpmpp_2m", 30));

  List<PointsFigure> measure() throws Exception {
    Mixture mixture = Mixture.ofPackage();
    List<PointsFigure> figures = new ArrayList<>();
    try (DirectEngine engine = new DirectEngine(1, EngineObserver.NONE, Mixture.PACKAGE)) {
      for (Way way : WAYS) {
        float[] points = engine.render(engine.request(request(way))).get(0).pixels().values();
        figures.add(
            new PointsFigure(
                way.sampler(),
                way.steps(),
                points.length,
                mixture.distance(points),
                histogram(points, mixture)));
      }
    }
    return figures;
  }

  private static String request(Way way) {
    return """
    {"id": "points", "kind": "generate", "model": "mixture-1d", "sizes": {"points": %d},
     "scheduler": {"_class_name": "%s"}, "num_inference_steps": %d, "seed": 1}
    """
        .formatted(POINTS, way.sampler(), way.steps());
  }

  private static List<PointsFigure.Bar> histogram(float[] points, Mixture mixture) {
    double width = (MOST - LEAST) / BARS;
    int[] counts = new int[BARS];
    for (float point : points) {
      int bar = (int) Math.floor((point - LEAST) / width);
      if (bar >= 0 && bar < BARS) {
        counts[bar]++;
      }
    }
    List<PointsFigure.Bar> bars = new ArrayList<>();
    for (int i = 0; i < BARS; i++) {
      double middle = LEAST + (i + 0.5) * width;
      double density = counts[i] / (points.length * width);
      bars.add(new PointsFigure.Bar(middle, density, mixture.density(middle)));
    }
    return bars;
  }
}
