package io.darkroom.bench;

import io.darkroom.model.BrokenPackage;
import io.darkroom.onnx.Lanes;
import io.darkroom.plan.InvalidPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Measures renders of a network as exported and with fused attention, alternately on one thread:
 * one picture and four.
 */
final class FusedBench {
  private static final int[] TOGETHER = {1, 4};

  private final MeasuringTime measuringTime;

  FusedBench(MeasuringTime measuringTime) {
    this.measuringTime = measuringTime;
  }

  List<FusedFigure> measure(MeasuredPackage measured)
      throws BrokenPackage, InvalidPlan, ExecutionException, InterruptedException {
    List<FusedFigure> figures = new ArrayList<>();
    try (LoopNetworks plain = Renders.load(measured, Lanes.ONE);
        LoopNetworks fused = Renders.load(measured, Renders.settings(Lanes.ONE).fusing(true))) {
      for (int together : TOGETHER) {
        figures.add(
            figure(
                measured,
                new Renders(measured, plain, together),
                new Renders(measured, fused, together)));
      }
    }
    return figures;
  }

  private FusedFigure figure(MeasuredPackage measured, Renders plain, Renders fused)
      throws ExecutionException, InterruptedException {
    plain.rehearse();
    fused.rehearse();
    Rounds rounds = new Rounds(measuringTime);
    rounds.measure(() -> new double[] {cpuSeconds(plain), cpuSeconds(fused)});
    double rows = (double) plain.rows() * Renders.STEPS;
    return new FusedFigure(
        measured.name(),
        fused.networks().device().options().getOrDefault("fused", ""),
        plain.rows(),
        rounds.count(),
        1000 * rounds.median(0) / rows,
        1000 * rounds.median(1) / rows,
        rounds.ratio(0, 1));
  }

  private static double cpuSeconds(Renders renders) {
    long begin = Meter.cpuNanos();
    renders.seconds();
    return (Meter.cpuNanos() - begin) / 1e9;
  }
}
