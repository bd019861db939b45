package io.darkroom.app.fleet.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Simulates a fleet in steps of one second: one queue, workers that each render one request at a
 * time, and an autoscaler. A worker that is removed finishes its request first. The simulation is
 * deterministic.
 */
public final class FleetSimulation {
  private static final int SAMPLE_SECONDS = 60;

  private final Trace trace;
  private final Scaling scaling;
  private final FleetSettings settings;
  private final Autoscaler autoscaler;
  private final SplittableRandom random;

  private final Deque<Arrival> queue = new ArrayDeque<>();
  private final List<Worker> workers = new ArrayList<>();
  private final List<SimulationResult.Wait> waits = new ArrayList<>();
  private final List<SimulationResult.Sample> samples = new ArrayList<>();
  private double waitingSeconds;
  private double renderingSeconds;
  private long workerSeconds;
  private double busySeconds;
  private int starts;
  private int reversals;
  private int lastChange;

  private FleetSimulation(Trace trace, Scaling scaling, FleetSettings settings) {
    this.trace = trace;
    this.scaling = scaling;
    this.settings = settings;
    this.autoscaler = new Autoscaler(settings);
    this.random = new SplittableRandom(settings.seed());
  }

  /** A worker. It starts, renders requests and is removed. */
  private static final class Worker {
    private final double readySecond;
    private double renders; // device seconds of its request, 0 without one
    private double left;
    private boolean leaving;

    Worker(double readySecond) {
      this.readySecond = readySecond;
    }
  }

  /** Runs a trace until all requests are rendered and all workers have ended. */
  public static SimulationResult run(Trace trace, Scaling scaling, FleetSettings settings) {
    return new FleetSimulation(trace, scaling, settings).run();
  }

  private SimulationResult run() {
    int next = 0;
    List<Arrival> arrivals = trace.arrivals();
    for (int second = 0;
        next < arrivals.size() || unfinished() > 0 || !workers.isEmpty();
        second++) {
      for (; next < arrivals.size() && arrivals.get(next).second() <= second; next++) {
        queue.addLast(arrivals.get(next));
        waitingSeconds += arrivals.get(next).deviceSeconds();
      }
      if (second % settings.interval() == 0) {
        scale(second);
      }
      if (second % SAMPLE_SECONDS == 0) {
        double backlog = waitingSeconds + renderingSeconds;
        samples.add(new SimulationResult.Sample(second, workers.size(), backlog));
      }
      for (Worker worker : workers) {
        work(worker, second);
      }
      workers.removeIf(worker -> worker.leaving && worker.renders == 0);
      workerSeconds += workers.size();
    }
    return new SimulationResult(
        waits, workerSeconds / 3600.0, busySeconds / workerSeconds, starts, reversals, samples);
  }

  private int unfinished() {
    return queue.size() + (int) workers.stream().filter(worker -> worker.renders > 0).count();
  }

  private void scale(int second) {
    List<Worker> staying = workers.stream().filter(worker -> !worker.leaving).toList();
    int wanted = scaling.workers(unfinished(), waitingSeconds + renderingSeconds);
    int decided = autoscaler.decide(second, staying.size(), wanted);
    int change = Integer.compare(decided, staying.size());
    if (change != 0) {
      reversals += change == -lastChange ? 1 : 0;
      lastChange = change;
    }
    for (int i = staying.size(); i < decided; i++) {
      double more = random.nextDouble() * (settings.longestStart() - settings.shortestStart());
      workers.add(new Worker(second + settings.shortestStart() + more));
      starts++;
    }
    // The newest workers are removed first, because they are the least likely to be ready.
    for (int i = staying.size() - 1; i >= decided; i--) {
      staying.get(i).leaving = true;
    }
  }

  /** Simulates one second of a worker, in which it may finish requests and begin others. */
  private void work(Worker worker, int second) {
    double time = second < worker.readySecond ? 0 : 1;
    while (time > 0 && (worker.renders > 0 || (!worker.leaving && !queue.isEmpty()))) {
      if (worker.renders == 0) {
        begin(worker, second);
      }
      double step = Math.min(time, worker.left);
      worker.left -= step;
      time -= step;
      busySeconds += step;
      if (worker.left <= 0) {
        renderingSeconds -= worker.renders;
        worker.renders = 0;
      }
    }
  }

  private void begin(Worker worker, int second) {
    Arrival arrival = queue.removeFirst();
    waits.add(new SimulationResult.Wait(arrival.model(), second - arrival.second()));
    waitingSeconds -= arrival.deviceSeconds();
    renderingSeconds += arrival.deviceSeconds();
    worker.renders = arrival.deviceSeconds();
    worker.left = arrival.deviceSeconds();
  }
}
