package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.noise.NoiseSource;
import java.nio.FloatBuffer;

/**
 * A sampler run on Gaussian data with the optimal denoiser in closed form: at each level, the mean
 * and standard deviation of the sample must be those of noised data.
 *
 * <p>Every sampler here is linear in its draws, so a single run determines its distribution:
 * element 0 gets the mean of the start and no noise, element 1 one standard deviation more, and
 * element i + 1 a unit of draw i alone.
 */
record GaussianRun(double mean, double deviation, double wantedMean, double wantedDeviation) {
  static final double DATA_MEAN = 0.3;
  static final double DATA_DEVIATION = 0.25;

  /** Returns the network's output for one element. */
  interface Network {

    /**
     * Returns the output of evaluation {@code k}.
     *
     * @param input the element as the network reads it
     */
    double answer(int k, double input);
  }

  /**
   * Returns the distribution at the last evaluation. The last step often ends at zero noise, so its
   * size in half-log-SNR is infinite for any number of steps.
   */
  static GaussianRun atLastEvaluation(Sampler sampler) {
    int last = sampler.evaluations() - 1;
    return run(sampler, perfect(sampler), last, sampler.level(last));
  }

  /** Returns the distribution of the result, which must be at a level. */
  static GaussianRun atEnd(Sampler sampler, Level end) {
    return run(sampler, perfect(sampler), sampler.evaluations(), end);
  }

  /** Returns the distribution of the result, which must be clean, for any network. */
  static GaussianRun atEnd(Sampler sampler, Network network) {
    return run(sampler, network, sampler.evaluations(), new Level(1, 0));
  }

  /** Returns the error of mean and deviation, in standard deviations. */
  double error() {
    return (Math.abs(mean - wantedMean) + Math.abs(deviation - wantedDeviation)) / wantedDeviation;
  }

  private static GaussianRun run(Sampler sampler, Network network, int evaluations, Level end) {
    int draws = 1;
    for (int k = 0; k < evaluations; k++) {
      draws += sampler.draws(k);
    }
    Level start = sampler.level(0);
    UnitDraws source = new UnitDraws(sampler.initialScale(), start);
    Trajectory trajectory =
        sampler.readsKnown()
            ? Trajectory.around(sampler, source, new float[draws + 1], new float[1])
            : new Trajectory(sampler, source, draws + 1);
    while (trajectory.done() < evaluations) {
      trajectory.advance(answers(trajectory, network));
    }
    float[] x = trajectory.sample();
    double variance = 0;
    for (int i = 1; i < x.length; i++) {
      variance += ((double) x[i] - x[0]) * ((double) x[i] - x[0]);
    }
    return new GaussianRun(x[0], Math.sqrt(variance), end.alpha() * DATA_MEAN, deviation(end));
  }

  private static float[] answers(Trajectory trajectory, Network network) {
    FloatBuffer input = FloatBuffer.allocate(trajectory.size());
    trajectory.writeInput(input);
    float[] out = new float[trajectory.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) network.answer(trajectory.done(), input.get(i));
    }
    return out;
  }

  /** Returns the optimal estimate of the clean sample, as the network's output. */
  private static Network perfect(Sampler sampler) {
    return (k, input) -> {
      Level level = sampler.level(k);
      double x = input / sampler.inputScale(k);
      double total = deviation(level) * deviation(level);
      double gain = level.alpha() * DATA_DEVIATION * DATA_DEVIATION / total;
      double denoised = DATA_MEAN + gain * (x - level.alpha() * DATA_MEAN);
      return (denoised - sampler.sampleFactor(k) * x) / sampler.outputFactor(k);
    };
  }

  private static double deviation(Level level) {
    double signal = level.alpha() * DATA_DEVIATION;
    return Math.sqrt(signal * signal + level.sigma() * level.sigma());
  }

  /** The first draw sets the distribution of the start; each other draw is a separate unit. */
  private static final class UnitDraws implements NoiseSource {
    private final double scale;
    private final Level start;
    private int drawn;

    UnitDraws(double scale, Level start) {
      this.scale = scale;
      this.start = start;
    }

    @Override
    public void fill(float[] out) {
      for (int i = 0; i < out.length; i++) {
        double unit = i == drawn + 1 ? 1 : 0;
        out[i] =
            drawn > 0
                ? (float) unit
                : (float) ((start.alpha() * DATA_MEAN + unit * deviation(start)) / scale);
      }
      drawn++;
    }
  }
}
