package io.darkroom.bench;

import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.NoiseThreads;
import io.darkroom.engine.StageJob;
import io.darkroom.engine.Ticket;
import io.darkroom.plan.InvalidPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Measures iterations of the engine with the noise drawn by the engine's thread, and by other
 * threads at the same time. Ancestral Euler with guidance, and a network that keeps its thread busy
 * for a fixed time and copies its sample.
 */
final class NoiseAheadBench {
  private static final int[] SIDES = {32, 64, 128};
  private static final int ROWS = 16;
  private static final int STEPS = 20;
  private static final int WARM_UP = 20;
  private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final MeasuringTime measuringTime;
  private long networkNanos;

  NoiseAheadBench(MeasuringTime measuringTime) {
    this.measuringTime = measuringTime;
  }

  List<NoiseFigure> measure() throws InvalidPlan {
    List<NoiseFigure> figures = new ArrayList<>();
    for (int side : SIDES) {
      figures.addAll(measure(side));
    }
    return figures;
  }

  /** Measures both ways alternately. */
  private List<NoiseFigure> measure(int side) throws InvalidPlan {
    Side inTurn = lane(side, draw -> {});
    Side ahead = lane(side, NoiseThreads.start());
    for (int i = 0; i < WARM_UP; i++) {
      besides(inTurn);
      besides(ahead);
    }
    inTurn.micros.clear();
    ahead.micros.clear();
    long begin = System.nanoTime();
    while (!measuringTime.enough(ahead.micros.size() / STEPS, System.nanoTime() - begin)) {
      besides(inTurn);
      besides(ahead);
    }
    return List.of(figure(side, inTurn, false), figure(side, ahead, true));
  }

  private record Side(BenchEngine benchEngine, List<StageJob> jobs, List<Double> micros) {}

  private Side lane(int side, Executor others) throws InvalidPlan {
    IdentityNetworks networks = new IdentityNetworks(side, BUSY_NANOS);
    EngineObserver observer = (model, call) -> networkNanos = call.nanos();
    BenchEngine.Setup around = new BenchEngine.Setup(System::nanoTime, observer, others);
    BenchEngine benchEngine = new BenchEngine(networks, ROWS / 2, around);
    List<StageJob> jobs = new ArrayList<>();
    for (int i = 0; i < ROWS / 2; i++) {
      jobs.add(
          benchEngine.job(
              """
              {"id": "noise-%d", "kind": "generate", "model": "identity", "class_label": 1,
               "seed": %d, "num_inference_steps": %d, "guidance_scale": 2.5,
               "output": {"format": "npy"}}
              """
                  .formatted(i, i, STEPS)));
    }
    return new Side(benchEngine, jobs, new ArrayList<>());
  }

  private void besides(Side lane) {
    List<Ticket> tickets = lane.jobs().stream().map(lane.benchEngine().engine()::submit).toList();
    lane.benchEngine().engine().runIteration();
    for (int step = 1; step < STEPS - 1; step++) {
      long begin = System.nanoTime();
      lane.benchEngine().engine().runIteration();
      lane.micros().add((System.nanoTime() - begin - networkNanos) / 1e3);
    }
    while (!tickets.stream().allMatch(ticket -> ticket.outcome().isDone())) {
      lane.benchEngine().engine().runIteration();
    }
  }

  private static NoiseFigure figure(int side, Side lane, boolean ahead) {
    double besides = Meter.median(lane.micros().stream().mapToDouble(m -> m).toArray());
    double network = BUSY_NANOS / 1e6;
    return new NoiseFigure(
        "4x" + side + "x" + side,
        ROWS,
        network,
        ahead,
        besides,
        network / (network + besides / 1e3));
  }
}
