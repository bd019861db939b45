package io.darkroom.bench;

import ai.onnxruntime.OrtException;
import io.darkroom.engine.RenderEngine;
import io.darkroom.engine.StageJob;
import io.darkroom.engine.Ticket;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Shape;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.OrtNetworks;
import io.darkroom.onnx.PackageReader;
import io.darkroom.onnx.Provider;
import io.darkroom.plan.InvalidPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures {@code OrtSession.run} and the engine's loop alternately, call by call on one thread,
 * for several numbers of rows: the cost of the loop in addition to its network. Ancestral Euler,
 * with guidance where the model has it and the rows are even; a round is a whole render of all
 * rows, from submission to result. Before measuring, the loop runs often enough for the JVM to
 * compile it, as in a worker that has run for minutes.
 */
final class CallBench {
  private static final int[] ROWS = {1, 2, 4, 8, 16};
  private static final int MOST_ROWS = 16;
  private static final int STEPS = 20;

  /** Evaluations after which the JVM's second compiler has compiled the loop. */
  private static final int REHEARSED = 30_000;

  /** Of an image of 50 guided steps. */
  private static final int EVALUATIONS = 100;

  private final MeasuringTime measuringTime;
  private final Provider provider;
  private int calls;

  CallBench(MeasuringTime measuringTime, Provider provider) {
    this.measuringTime = measuringTime;
    this.provider = provider;
  }

  /**
   * @param figures receives each figure at once, because more rows may not fit into the memory of
   *     the device
   */
  void measure(MeasuredPackage measured, Consumer<CallFigure> figures)
      throws BrokenPackage, InvalidPlan, OrtException {
    NetworkSettings settings = new NetworkSettings(1, MOST_ROWS, tier(), provider);
    try (LoopNetworks networks =
        new LoopNetworks(OrtNetworks.load(PackageReader.read(measured.folder()), settings))) {
      for (int rows : ROWS) {
        figures.accept(measure(measured, networks, rows));
      }
    }
  }

  /** On a GPU the outputs may depend on the number of rows; only their cost is measured here. */
  private Tier tier() {
    return provider.equals(Provider.CPU) ? Tier.EXACT : Tier.FAST;
  }

  private CallFigure measure(MeasuredPackage measured, LoopNetworks networks, int rows)
      throws InvalidPlan, OrtException {
    boolean guided = measured.guidable() && rows > 1;
    int images = guided ? rows / 2 : rows;
    BenchEngine benchEngine =
        new BenchEngine(networks, images, System::nanoTime, (model, call) -> calls++);
    List<StageJob> jobs = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      jobs.add(benchEngine.job(measured.ancestral(i, STEPS, guided)));
    }
    StageJob first = jobs.get(0);
    Shape sample = first.stage().sample();
    try (RawCall raw =
        new RawCall(measured, networks.card(), new RawCall.Size(sample, rows), provider)) {
      WatchedDenoiser.Watched call = networks.denoiser().call(sample);
      Stopwatch runs = networks.denoiser().runs();
      Pair pair = new Pair(benchEngine, jobs, raw, runs, () -> raw.take(call, rows, sample.size()));
      rehearse(pair, networks.denoiser(), rows);
      warmUp(pair);
      List<Round> rounds = new ArrayList<>();
      long begin = System.nanoTime();
      while (!measuringTime.enough(rounds.size(), System.nanoTime() - begin)) {
        rounds.add(round(pair));
      }
      GpuUse gpu = GpuWatch.during(provider, () -> loopAlone(pair));
      return figure(measured, networks.device(), sample, rows, rounds, gpu);
    }
  }

  /** The two calls that are measured alternately; the raw call gets the inputs of the engine. */
  private record Pair(
      BenchEngine benchEngine,
      List<StageJob> jobs,
      RawCall raw,
      Stopwatch runs,
      Runnable handOver) {
    List<Ticket> submit() {
      return jobs.stream().map(benchEngine.engine()::submit).toList();
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
        pair.benchEngine.engine().runIteration();
      }
    }
    denoiser.rehearse(false);
  }

  private void warmUp(Pair pair) throws OrtException {
    long end = System.nanoTime() + measuringTime.warmUp().toNanos();
    do {
      round(pair);
    } while (System.nanoTime() < end);
  }

  private Round round(Pair pair) throws OrtException {
    RenderEngine engine = pair.benchEngine.engine();
    List<Ticket> tickets = pair.submit();
    Round round = new Round();
    long wall = pair.runs.wall();
    long cpu = pair.runs.cpu();
    while (!done(tickets)) {
      int before = calls;
      round.loop.begin();
      engine.runIteration();
      round.loop.end();
      if (calls > before) {
        pair.handOver.run();
        round.raw.begin();
        pair.raw.run();
        round.raw.end();
      }
    }
    round.runWall = pair.runs.wall() - wall;
    round.runCpu = pair.runs.cpu() - cpu;
    return round;
  }

  /** Renders without raw calls in between, as a worker does. */
  private void loopAlone(Pair pair) {
    RenderEngine engine = pair.benchEngine.engine();
    long end = System.nanoTime() + measuringTime.time().toNanos();
    do {
      List<Ticket> tickets = pair.submit();
      while (!done(tickets)) {
        engine.runIteration();
      }
    } while (System.nanoTime() < end);
  }

  private static CallFigure figure(
      MeasuredPackage measured,
      Fingerprint.Device device,
      Shape sample,
      int rows,
      List<Round> rounds,
      GpuUse gpu) {
    double evaluations = STEPS * rows * 1e6;
    double loop = median(rounds, round -> round.loop.wall() / evaluations);
    return new CallFigure(
        measured.name(),
        sample.toString(),
        device.provider(),
        device.name(),
        rows,
        rounds.size(),
        median(rounds, round -> round.raw.wall() / evaluations),
        loop,
        median(rounds, round -> round.raw.wall() / (double) round.loop.wall()),
        median(rounds, round -> round.raw.cpu() / evaluations),
        median(rounds, round -> round.loop.cpu() / evaluations),
        median(rounds, round -> round.raw.cpu() / (double) round.loop.cpu()),
        median(rounds, round -> round.runWall / (double) round.loop.wall()),
        median(rounds, round -> round.runCpu / (double) round.loop.cpu()),
        1000 / (EVALUATIONS * loop),
        gpu);
  }

  private static double median(
      List<Round> rounds, java.util.function.ToDoubleFunction<Round> figure) {
    return Meter.median(rounds.stream().mapToDouble(figure).toArray());
  }

  private static final class Round {
    private final Stopwatch loop = new Stopwatch();
    private final Stopwatch raw = new Stopwatch();
    private long runWall;
    private long runCpu;
  }
}
