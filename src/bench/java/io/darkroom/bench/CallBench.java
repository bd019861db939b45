package io.darkroom.bench;

import ai.onnxruntime.OrtException;
import io.darkroom.engine.Denoiser;
import io.darkroom.engine.RenderEngine;
import io.darkroom.engine.StageJob;
import io.darkroom.engine.Ticket;
import io.darkroom.onnx.BrokenPackage;
import io.darkroom.onnx.ModelPackage;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.OrtNetworks;
import io.darkroom.onnx.Provider;
import io.darkroom.plan.InvalidPlan;
import io.darkroom.plan.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code OrtSession.run} and the engine's loop in turn, call by call on one thread, for so many
 * rows a call: what the loop costs beside its network. Ancestral Euler, with guidance where the
 * model has it and the rows are even; a round is a whole render of all rows, from submission to
 * result. What is measured is a worker that has been at work for some minutes: the loop has been
 * turned often enough for the JVM to have compiled it.
 */
final class CallBench {
  private static final int[] ROWS = {1, 2, 4, 8, 16};
  private static final int MOST_ROWS = 16;
  private static final int STEPS = 20;

  /** Evaluations after which the JVM's second compiler has seen all of the loop. */
  private static final int REHEARSED = 30_000;

  private final Effort effort;
  private final Provider provider;
  private int calls;

  CallBench(Effort effort, Provider provider) {
    this.effort = effort;
    this.provider = provider;
  }

  List<CallFigure> measure(Subject subject) throws BrokenPackage, InvalidPlan, OrtException {
    List<CallFigure> figures = new ArrayList<>();
    NetworkSettings settings = new NetworkSettings(1, MOST_ROWS, tier(), provider);
    try (LoopNetworks networks =
        new LoopNetworks(OrtNetworks.load(ModelPackage.read(subject.folder()), settings))) {
      for (int rows : ROWS) {
        figures.add(measure(subject, networks, rows));
      }
    }
    return figures;
  }

  /** A GPU's rows may depend on their number; what they cost is asked here, not what they are. */
  private NetworkSettings.Tier tier() {
    return provider.equals(Provider.CPU) ? NetworkSettings.Tier.EXACT : NetworkSettings.Tier.FAST;
  }

  private CallFigure measure(Subject subject, LoopNetworks networks, int rows)
      throws InvalidPlan, OrtException {
    boolean guided = subject.guidable() && rows > 1;
    int images = guided ? rows / 2 : rows;
    Rig rig =
        new Rig(networks, images, System::nanoTime, (model, n, pad, jobs, kinds, nanos) -> calls++);
    List<StageJob> jobs = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      jobs.add(rig.job(subject.ancestral(i, STEPS, guided)));
    }
    StageJob first = jobs.get(0);
    Shape sample = first.stage().sample(first.stage().windows(first.base()).get(0));
    try (RawCall raw =
        new RawCall(subject, networks.card(), new RawCall.Size(sample, rows), provider)) {
      Denoiser.Call call = networks.denoiser().call(sample);
      Stopwatch runs = networks.denoiser().runs();
      Pair pair = new Pair(rig, jobs, raw, runs, () -> raw.sample(call, rows, sample.size()));
      rehearse(pair, networks.denoiser(), rows);
      warmUp(pair);
      networks.hiddenStates().ifPresent(raw::hiddenStates);
      List<Round> rounds = new ArrayList<>();
      long begin = System.nanoTime();
      while (!effort.enough(rounds.size(), System.nanoTime() - begin)) {
        rounds.add(round(pair));
      }
      return figure(subject, sample, rows, rounds);
    }
  }

  /** What is measured in turn, and how the one gets the other's numbers. */
  private record Pair(
      Rig rig, List<StageJob> jobs, RawCall raw, Stopwatch runs, Runnable handOver) {
    List<Ticket> submit() {
      return jobs.stream().map(rig.engine()::submit).toList();
    }
  }

  private static boolean done(List<Ticket> tickets) {
    return tickets.stream().allMatch(ticket -> ticket.outcome().isDone());
  }

  private static void rehearse(Pair pair, WatchedDenoiser denoiser, int rows) {
    denoiser.rehearse(true);
    for (int evaluations = 0; evaluations < REHEARSED; evaluations += STEPS * rows) {
      List<Ticket> tickets = pair.submit();
      while (!done(tickets)) {
        pair.rig.engine().tick();
      }
    }
    denoiser.rehearse(false);
  }

  private void warmUp(Pair pair) throws OrtException {
    long end = System.nanoTime() + effort.warmUp().toNanos();
    do {
      round(pair);
    } while (System.nanoTime() < end);
  }

  private Round round(Pair pair) throws OrtException {
    RenderEngine engine = pair.rig.engine();
    List<Ticket> tickets = pair.submit();
    Round round = new Round();
    long runs = pair.runs.cpu();
    while (!done(tickets)) {
      int before = calls;
      round.loop.begin();
      engine.tick();
      round.loop.end();
      if (calls > before) {
        pair.handOver.run();
        round.raw.begin();
        pair.raw.run();
        round.raw.end();
      }
    }
    round.runCpu = pair.runs.cpu() - runs;
    return round;
  }

  private static CallFigure figure(Subject subject, Shape sample, int rows, List<Round> rounds) {
    double evaluations = STEPS * rows * 1e6;
    return new CallFigure(
        subject.name(),
        sample.toString(),
        rows,
        rounds.size(),
        median(rounds, round -> round.raw.wall() / evaluations),
        median(rounds, round -> round.loop.wall() / evaluations),
        median(rounds, round -> round.raw.wall() / (double) round.loop.wall()),
        median(rounds, round -> round.raw.cpu() / evaluations),
        median(rounds, round -> round.loop.cpu() / evaluations),
        median(rounds, round -> round.raw.cpu() / (double) round.loop.cpu()),
        median(rounds, round -> round.runCpu / (double) round.loop.cpu()));
  }

  private static double median(
      List<Round> rounds, java.util.function.ToDoubleFunction<Round> figure) {
    return Meter.median(rounds.stream().mapToDouble(figure).toArray());
  }

  private static final class Round {
    private final Stopwatch loop = new Stopwatch();
    private final Stopwatch raw = new Stopwatch();
    private long runCpu;
  }
}
