package io.darkroom.bench;

import ai.onnxruntime.OrtException;
import io.darkroom.model.BrokenPackage;
import io.darkroom.onnx.Lanes;
import io.darkroom.onnx.Provider;
import io.darkroom.plan.InvalidPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Measures complete renders on one lane and on as many as fit the machine, and raw calls of the
 * same rows on as many threads, alternately: with one picture and with eight.
 */
final class LaneBench {
  static final int[] TOGETHER = {1, 8};

  private final MeasuringTime measuringTime;

  LaneBench(MeasuringTime measuringTime) {
    this.measuringTime = measuringTime;
  }

  List<LaneFigure> measure(MeasuredPackage measured)
      throws BrokenPackage, InvalidPlan, OrtException, ExecutionException, InterruptedException {
    List<LaneFigure> figures = new ArrayList<>();
    try (Lanes lanes = Lanes.of(Lanes.fitting(Provider.CPU, 1));
        LoopNetworks one = Renders.load(measured, Lanes.ONE);
        LoopNetworks several = Renders.load(measured, lanes)) {
      for (int together : TOGETHER) {
        Renders onOne = new Renders(measured, one, together);
        Renders onSeveral = new Renders(measured, several, together);
        figures.add(figure(measured, onOne, onSeveral, lanes.count()));
      }
    }
    return figures;
  }

  private LaneFigure figure(MeasuredPackage measured, Renders one, Renders several, int lanes)
      throws OrtException, ExecutionException, InterruptedException {
    int callRows = Math.min(several.rows(), several.networks().denoiser().mostRows());
    int part = (callRows + lanes - 1) / lanes;
    Rounds rounds = new Rounds(measuringTime);
    try (RawLanes raw =
        new RawLanes(
            measured, several.networks().card(), several.sample(), callRows / part, part)) {
      one.rehearse();
      several.rehearse();
      rounds.measure(
          () -> {
            double[] seconds = {one.seconds(), several.seconds(), 0};
            raw.take(several.networks().denoiser().call(several.sample()));
            seconds[2] = raw.seconds(several.rows() * Renders.STEPS);
            return seconds;
          });
    }
    return new LaneFigure(
        measured.name(),
        one.together(),
        lanes,
        rounds.count(),
        one.together() / rounds.median(0),
        one.together() / rounds.median(1),
        one.together() / rounds.median(2),
        rounds.ratio(0, 1),
        rounds.ratio(2, 1));
  }
}
