package io.darkroom.bench;

import io.darkroom.engine.Denoiser;
import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageJob;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.onnx.LayeredPackage;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.OrtNetworks;
import io.darkroom.onnx.PackageReader;
import io.darkroom.onnx.Provider;
import io.darkroom.plan.InvalidPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.LongSupplier;

/**
 * Measures a mixed trace (5 to 50 steps, three samplers, with and without guidance) with continuous
 * batching, static batching and no batching, on real calls of the network in one process. Requests
 * arrive all at once, which gives the capacity of each policy, then as Poisson arrivals at shares
 * of the capacity of continuous batching. It uses two networks: one in which each row costs nearly
 * the same, as on a CPU, and one in which more rows cost little, as on a GPU.
 */
final class TraceBench {
  private static final double[] LOADS = {0.5, 0.8, 0.95};
  private static final int[] ROWS = {1, 2, 4, 8};
  private static final int MOST_ROWS = 8;
  private static final int RUNS = 30;
  private static final int FEWEST_STEPS = 5;
  private static final int MOST_STEPS = 50;
  private static final List<String> SAMPLERS = List.of("ddim", "euler_a", "dpmpp_2m");

  private final int requests;
  private final Provider provider;
  private final Path folder;

  /**
   * @param folder folder for a generated package
   */
  TraceBench(MeasuringTime measuringTime, Provider provider, Path folder) {
    this.provider = provider;
    this.requests = measuringTime.requests();
    this.folder = folder;
  }

  List<Trace> measure() throws BrokenPackage, InvalidPlan, IOException {
    Path layers = LayeredPackage.write(folder.resolve("many-layers"));
    MeasuredPackage steep =
        new MeasuredPackage(layers, "\"kind\": \"generate\", \"class_label\": 1", true);
    return List.of(measure(MeasuredPackage.EMOJI_32), measure(steep));
  }

  private Trace measure(MeasuredPackage measured) throws BrokenPackage, InvalidPlan {
    NetworkSettings settings = new NetworkSettings(1, MOST_ROWS, Tier.REPEATABLE, provider);
    try (OrtNetworks networks = OrtNetworks.load(PackageReader.read(measured.folder()), settings)) {
      List<TimedRequest> mixed = mixed(measured, networks);
      run(networks, mixed.subList(0, mixed.size() / 4));
      List<Trace.Call> calls = calls(networks, mixed.get(0).job());
      Map<Policy, PolicyRun> saturated = run(networks, mixed);
      List<TraceFigure> figures =
          new ArrayList<>(figures(saturated, OptionalDouble.empty(), OptionalDouble.empty()));
      for (double load : LOADS) {
        double offered = load * lane(saturated, Policy.CONTINUOUS).served();
        figures.addAll(
            figures(
                run(networks, poisson(mixed, offered)),
                OptionalDouble.of(load),
                OptionalDouble.of(offered)));
      }
      return new Trace(measured.name(), calls, figures);
    }
  }

  private static List<TraceFigure> figures(
      Map<Policy, PolicyRun> lanes, OptionalDouble load, OptionalDouble offered) {
    PolicyRun batches = lane(lanes, Policy.STATIC);
    return lanes.values().stream().map(lane -> lane.figure(load, offered, batches)).toList();
  }

  /** Measures calls of the network with the inputs of the trace's last calls. */
  private List<Trace.Call> calls(OrtNetworks networks, StageJob job) {
    Denoiser.Call call = networks.denoiser().call(job.stage().sample());
    List<Trace.Call> calls = new ArrayList<>();
    for (int rows : ROWS) {
      double[] nanos = new double[RUNS];
      for (int i = 0; i < RUNS; i++) {
        long before = clock().getAsLong();
        call.run(rows);
        nanos[i] = clock().getAsLong() - before;
      }
      calls.add(new Trace.Call(rows, Meter.median(nanos) / 1e6));
    }
    return calls;
  }

  private static PolicyRun lane(Map<Policy, PolicyRun> lanes, Policy policy) {
    return Objects.requireNonNull(lanes.get(policy));
  }

  /** CPU time on a CPU, because other processes use it; elapsed time on a GPU. */
  private LongSupplier clock() {
    return provider.equals(Provider.CPU) ? Meter::cpuNanos : System::nanoTime;
  }

  private Map<Policy, PolicyRun> run(OrtNetworks networks, List<TimedRequest> trace) {
    Map<Policy, PolicyRun> lanes = new EnumMap<>(Policy.class);
    for (Policy policy : Policy.values()) {
      lanes.put(policy, new PolicyRun(policy, networks, trace, clock()));
    }
    while (true) {
      PolicyRun behind =
          lanes.values().stream()
              .filter(lane -> !lane.done())
              .min(Comparator.comparingLong(PolicyRun::now))
              .orElse(null);
      if (behind == null) {
        return lanes;
      }
      behind.turn();
    }
  }

  private List<TimedRequest> mixed(MeasuredPackage measured, OrtNetworks networks)
      throws InvalidPlan {
    BenchEngine benchEngine = new BenchEngine(networks, 1, System::nanoTime, EngineObserver.NONE);
    Random random = new Random(1);
    List<TimedRequest> all = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      int steps = FEWEST_STEPS + random.nextInt(MOST_STEPS - FEWEST_STEPS + 1);
      String sampler = SAMPLERS.get(random.nextInt(SAMPLERS.size()));
      String guidance = random.nextBoolean() ? "2.5" : "1";
      String members =
          ", \"scheduler\": {\"_class_name\": \"%s\"}, \"num_inference_steps\": %d"
              .formatted(sampler, steps);
      String request = measured.request(i, members + ", \"guidance_scale\": " + guidance);
      all.add(new TimedRequest(0, benchEngine.job(request)));
    }
    return all;
  }

  private static List<TimedRequest> poisson(List<TimedRequest> all, double perSecond) {
    Random random = new Random(2);
    List<TimedRequest> spread = new ArrayList<>();
    double seconds = 0;
    for (TimedRequest arrival : all) {
      seconds -= Math.log(1 - random.nextDouble()) / perSecond;
      spread.add(arrival.at((long) (seconds * 1e9)));
    }
    return spread;
  }
}
