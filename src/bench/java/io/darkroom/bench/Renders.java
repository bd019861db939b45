package io.darkroom.bench;

import io.darkroom.engine.RenderEngine;
import io.darkroom.engine.StageJob;
import io.darkroom.engine.Ticket;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Shape;
import io.darkroom.onnx.Lanes;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.OrtNetworks;
import io.darkroom.onnx.PackageReader;
import io.darkroom.plan.InvalidPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * Repeats the same renders on one engine: ancestral Euler with 20 steps, with guidance if the model
 * has it.
 */
final class Renders {
  static final int STEPS = 20;
  private static final int MOST_ROWS = 8;

  /** Evaluations after which the JVM's second compiler has compiled the loop. */
  private static final int REHEARSED = 30_000;

  private final LoopNetworks networks;
  private final RenderEngine engine;
  private final List<StageJob> jobs = new ArrayList<>();

  Renders(MeasuredPackage measured, LoopNetworks networks, int together) throws InvalidPlan {
    this.networks = networks;
    BenchEngine benchEngine =
        new BenchEngine(networks, together, System::nanoTime, (model, call) -> {});
    this.engine = benchEngine.engine();
    for (int i = 0; i < together; i++) {
      jobs.add(benchEngine.job(measured.ancestral(i, STEPS, measured.guidable())));
    }
  }

  static LoopNetworks load(MeasuredPackage measured, Lanes lanes) throws BrokenPackage {
    return load(measured, settings(lanes));
  }

  /** Returns the settings of all measurements, with the given lanes. */
  static NetworkSettings settings(Lanes lanes) {
    return new NetworkSettings(1, MOST_ROWS, Tier.EXACT).on(lanes);
  }

  static LoopNetworks load(MeasuredPackage measured, NetworkSettings settings)
      throws BrokenPackage {
    return new LoopNetworks(OrtNetworks.load(PackageReader.read(measured.folder()), settings));
  }

  int together() {
    return jobs.size();
  }

  LoopNetworks networks() {
    return networks;
  }

  /** Returns the rows of all renders in a step. */
  int rows() {
    return jobs.size() * jobs.get(0).stage().guidance().mostRows();
  }

  Shape sample() {
    return jobs.get(0).stage().sample();
  }

  /** Runs many iterations of the loop with few calls of the network. */
  void rehearse() {
    networks.denoiser().rehearse(true);
    for (int evaluations = 0; evaluations < REHEARSED; evaluations += STEPS * rows()) {
      seconds();
    }
    networks.denoiser().rehearse(false);
  }

  /** Returns the time of all renders. */
  double seconds() {
    long begin = System.nanoTime();
    List<Ticket> tickets = jobs.stream().map(engine::submit).toList();
    while (!tickets.stream().allMatch(ticket -> ticket.outcome().isDone())) {
      engine.runIteration();
    }
    return (System.nanoTime() - begin) / 1e9;
  }
}
