package io.darkroom.bench;

import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageJob;
import io.darkroom.engine.Ticket;
import io.darkroom.model.Shape;
import io.darkroom.plan.InvalidPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Measures the engine's loop on one thread, with a network that only copies. Ancestral Euler with
 * guidance, noise included. A round is a complete render. Its first and last iteration, which
 * create arrays and results, do not count for the time of a step.
 */
final class LoopBench {
  private static final int[] SIDES = {32, 64};
  private static final int[] IMAGES = {1, 8};
  private static final int STEPS = 50;
  private static final int WARM_UP = 400;

  private final MeasuringTime measuringTime;

  LoopBench(MeasuringTime measuringTime) {
    this.measuringTime = measuringTime;
  }

  List<LoopFigure> measure() throws InvalidPlan {
    List<LoopFigure> figures = new ArrayList<>();
    for (int side : SIDES) {
      for (int images : IMAGES) {
        figures.add(measure(side, images));
      }
    }
    return figures;
  }

  private LoopFigure measure(int side, int images) throws InvalidPlan {
    IdentityNetworks networks = new IdentityNetworks(side);
    BenchEngine benchEngine =
        new BenchEngine(networks, images, BenchEngine.Setup.alone(EngineObserver.NONE));
    List<StageJob> jobs = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      jobs.add(
          benchEngine.job(
              """
              {"id": "loop-%d", "kind": "generate", "model": "identity", "class_label": 1,
               "seed": %d, "num_inference_steps": %d, "guidance_scale": 2.5,
               "output": {"format": "npy"}}
              """
                  .formatted(i, i, STEPS)));
    }
    IntStream.range(0, WARM_UP / images).forEach(i -> round(benchEngine, jobs));
    List<Round> rounds = new ArrayList<>();
    long begin = System.nanoTime();
    while (!measuringTime.enough(rounds.size(), System.nanoTime() - begin)) {
      rounds.add(round(benchEngine, jobs));
    }
    return figure(new Shape(IdentityNetworks.CHANNELS, side, side), images, rounds);
  }

  private static Round round(BenchEngine benchEngine, List<StageJob> jobs) {
    Round round = new Round();
    long before = Meter.allocatedBytes();
    List<Ticket> tickets = jobs.stream().map(benchEngine.engine()::submit).toList();
    benchEngine.engine().runIteration();
    long begin = Meter.allocatedBytes();
    round.steps.begin();
    for (int step = 1; step < STEPS - 1; step++) {
      benchEngine.engine().runIteration();
    }
    round.steps.end();
    round.stepBytes = Meter.allocatedBytes() - begin;
    while (!tickets.stream().allMatch(ticket -> ticket.outcome().isDone())) {
      benchEngine.engine().runIteration();
    }
    round.otherBytes = Meter.allocatedBytes() - before - round.stepBytes;
    return round;
  }

  private static LoopFigure figure(Shape latents, int images, List<Round> rounds) {
    double steps = (STEPS - 2.0) * images;
    double micros = median(rounds, round -> round.steps.wall() / 1e3 / steps);
    double bytes = median(rounds, round -> round.stepBytes / steps);
    return new LoopFigure(
        latents.toString(),
        images,
        rounds.size(),
        micros,
        micros / 2,
        median(rounds, round -> round.steps.cpu() / 1e3 / steps),
        bytes,
        bytes / 2,
        median(rounds, round -> round.otherBytes / (double) images));
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
    return Meter.median(rounds.stream().mapToDouble(figure).toArray());
  }

  private static final class Round {
    private final Stopwatch steps = new Stopwatch();
    private long stepBytes;
    private long otherBytes;
  }
}
