package io.darkroom.bench;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.noise.Generator;
import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.diffusion.sampler.Samplers;
import io.darkroom.diffusion.sampler.Trajectory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Measures updates of samplers and draws of noise, compared with an array copy. */
final class MathBench {
  private static final int[] SIZES = {4 * 64 * 64, 4 * 128 * 128, 3 * 512 * 512};
  private static final int BATCH = 16;
  private static final int STEPS = 64;
  private static final int COPIED = 2 * Float.BYTES;
  private static final int UPDATED = 3 * Float.BYTES;

  private final MeasuringTime measuringTime;

  MathBench(MeasuringTime measuringTime) {
    this.measuringTime = measuringTime;
  }

  List<MathFigure> measure() throws InvalidSampling {
    List<MathFigure> figures = new ArrayList<>();
    for (int size : SIZES) {
      figures.addAll(measure(size));
    }
    return figures;
  }

  /** An action that is repeated a number of times and returns its nanoseconds. */
  private interface Work {
    long run(int times);
  }

  private record Job(String what, int bytesPerElement, Work work) {}

  private List<MathFigure> measure(int size) throws InvalidSampling {
    float[] from = new float[size];
    float[] to = new float[size];
    Job copy = new Job("array copy", COPIED, timed(() -> System.arraycopy(from, 0, to, 0, size)));
    List<Job> jobs = new ArrayList<>(List.of(copy));
    for (String sampler : List.of("euler", "ddim", "flow_euler", "dpmpp_2m", "unipc", "heun")) {
      jobs.add(new Job(sampler, UPDATED, new Updates(bound(sampler, Map.of()), size)));
    }
    Map<String, Object> clipping = Map.of("clip_sample", true);
    jobs.add(new Job("ddim, clipping", UPDATED, new Updates(bound("ddim", clipping), size)));
    Map<String, Object> thresholding = Map.of("thresholding", true, "sample_max_value", 1.5);
    jobs.add(
        new Job("ddim, thresholding", UPDATED, new Updates(bound("ddim", thresholding), size)));
    for (Generator generator : Generator.values()) {
      NoiseSource source = generator.source(1);
      jobs.add(new Job(generator.jsonName(), Float.BYTES, timed(() -> source.fill(to))));
    }
    List<MathFigure> figures = new ArrayList<>();
    for (Job job : jobs) {
      double nanos = nanos(job);
      double speed = (double) job.bytesPerElement * size / nanos;
      double best = figures.isEmpty() ? speed : figures.get(0).gigabytesPerSecond();
      figures.add(
          new MathFigure(
              job.what, size, nanos / 1e3, speed, speed / best, 1e3 * size / nanos, bytes(job)));
    }
    return figures;
  }

  private static Work timed(Runnable once) {
    return times -> {
      long begin = System.nanoTime();
      for (int i = 0; i < times; i++) {
        once.run();
      }
      return System.nanoTime() - begin;
    };
  }

  /** Returns the median time of one repetition over many rounds. */
  private double nanos(Job job) {
    long warm = System.nanoTime() + measuringTime.warmUp().toNanos();
    while (System.nanoTime() < warm) {
      job.work.run(BATCH);
    }
    List<Double> rounds = new ArrayList<>();
    long begin = System.nanoTime();
    while (!measuringTime.enough(rounds.size(), 10 * (System.nanoTime() - begin))) {
      rounds.add(job.work.run(BATCH) / (double) BATCH);
    }
    return Meter.median(rounds.stream().mapToDouble(each -> each).toArray());
  }

  private static double bytes(Job job) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = Meter.allocatedBytes();
      job.work.run(BATCH);
      least = Math.min(least, Meter.allocatedBytes() - before);
    }
    return (double) least / BATCH;
  }

  private static Sampler bound(String name, Map<String, Object> options) throws InvalidSampling {
    Map<String, Object> requested = new HashMap<>(options);
    requested.put("_class_name", name);
    SchedulerConfig config = new SchedulerConfig(Map.of("clip_sample", false), requested);
    return Samplers.bind(new SamplingSpec(config, new Steps.Count(STEPS), Map.of(), 1));
  }

  /** Runs the updates of renders; the network's part is not timed. */
  private static final class Updates implements Work {
    private final Sampler sampler;
    private final int size;
    private final float[] answer;
    private final float[] output;
    private Trajectory trajectory;

    Updates(Sampler sampler, int size) {
      this.sampler = sampler;
      this.size = size;
      this.answer = new float[size];
      this.output = new float[size];
      Generator.PHILOX.source(2).fill(answer);
      this.trajectory = begun();
    }

    private Trajectory begun() {
      return new Trajectory(sampler, Generator.PHILOX.source(1), size);
    }

    @Override
    public long run(int times) {
      if (trajectory.wanted() - trajectory.done() < times) {
        trajectory = begun();
      }
      long nanos = 0;
      for (int i = 0; i < times; i++) {
        System.arraycopy(answer, 0, output, 0, size);
        long begin = System.nanoTime();
        trajectory.advance(output);
        nanos += System.nanoTime() - begin;
      }
      return nanos;
    }
  }
}
