package io.darkroom.bench;

import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageJob;
import io.darkroom.onnx.BrokenPackage;
import io.darkroom.onnx.ModelPackage;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.OrtNetworks;
import io.darkroom.onnx.Provider;
import io.darkroom.plan.InvalidPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A mixed trace (5 to 50 steps, three samplers, guided and not) through batching step by step,
 * static batching and one request at a time, on real calls of the network in one process: all at
 * once for the most that each can do, then as Poisson arrivals at shares of what batching by steps
 * can do.
 */
final class TraceBench {
  private static final double[] LOADS = {0.5, 0.8, 0.95};
  private static final int ROWS = 8;
  private static final int FEWEST_STEPS = 5;
  private static final int MOST_STEPS = 50;
  private static final List<String> SAMPLERS = List.of("ddim", "euler_a", "dpmpp_2m");

  private final int requests;
  private final Provider provider;

  TraceBench(Effort effort, Provider provider) {
    this.provider = provider;
    this.requests = effort.requests();
  }

  List<TraceFigure> measure() throws BrokenPackage, InvalidPlan {
    NetworkSettings settings =
        new NetworkSettings(1, ROWS, NetworkSettings.Tier.REPEATABLE, provider);
    try (OrtNetworks networks =
        OrtNetworks.load(ModelPackage.read(Subject.EMOJI_32.folder()), settings)) {
      List<Arrival> mixed = mixed(networks);
      run(networks, mixed.subList(0, mixed.size() / 4));
      List<TraceFigure> figures = new ArrayList<>();
      List<Lane> saturated = run(networks, mixed);
      saturated.forEach(
          lane -> figures.add(lane.figure(OptionalDouble.empty(), OptionalDouble.empty())));
      for (double load : LOADS) {
        double offered = load * saturated.get(0).served();
        run(networks, poisson(mixed, offered))
            .forEach(
                lane ->
                    figures.add(lane.figure(OptionalDouble.of(load), OptionalDouble.of(offered))));
      }
      return figures;
    }
  }

  private static List<Lane> run(OrtNetworks networks, List<Arrival> trace) {
    List<Lane> lanes =
        Stream.of(Policy.values()).map(policy -> new Lane(policy, networks, trace)).toList();
    while (true) {
      Lane behind =
          lanes.stream()
              .filter(lane -> !lane.done())
              .min(Comparator.comparingLong(Lane::now))
              .orElse(null);
      if (behind == null) {
        return lanes;
      }
      behind.turn();
    }
  }

  private List<Arrival> mixed(OrtNetworks networks) throws InvalidPlan {
    Rig rig = new Rig(networks, 1, System::nanoTime, EngineObserver.NONE);
    Random random = new Random(1);
    List<Arrival> all = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      int steps = FEWEST_STEPS + random.nextInt(MOST_STEPS - FEWEST_STEPS + 1);
      String sampler = SAMPLERS.get(random.nextInt(SAMPLERS.size()));
      String guidance = random.nextBoolean() ? "2.5" : "1";
      StageJob job =
          rig.job(
              Subject.EMOJI_32.request(
                  i,
                  ", \"scheduler\": {\"_class_name\": \"%s\"}, \"num_inference_steps\": %d"
                          .formatted(sampler, steps)
                      + ", \"guidance_scale\": "
                      + guidance));
      all.add(new Arrival(0, job));
    }
    return all;
  }

  private static List<Arrival> poisson(List<Arrival> all, double perSecond) {
    Random random = new Random(2);
    List<Arrival> spread = new ArrayList<>();
    double seconds = 0;
    for (Arrival arrival : all) {
      seconds -= Math.log(1 - random.nextDouble()) / perSecond;
      spread.add(arrival.at((long) (seconds * 1e9)));
    }
    return spread;
  }
}
