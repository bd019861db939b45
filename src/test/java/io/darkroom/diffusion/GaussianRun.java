package io.darkroom.diffusion;

import java.nio.FloatBuffer;

/**
 * A sampler run on data that are Gaussian, with the best denoiser in closed form: where the sample
 * is at a level, its mean and standard deviation must be those of noised data there.
 *
 * <p>Every sampler here is linear in its draws, so its distribution is known exactly from one run:
 * element 0 gets the mean of the start and no noise, element 1 one standard deviation more, and
 * element i + 1 a unit of draw i alone.
 */
record GaussianRun(double mean, double deviation, double wantedMean, double wantedDeviation) {
  private static final double DATA_MEAN = 0.3;
  private static final double DATA_DEVIATION = 0.25;

  /**
   * The distribution where the last evaluation is: the last step is often one to no noise at all,
   * whose size in half-log-SNR is infinite however many steps there are.
   */
  static GaussianRun atLastEvaluation(Sampler sampler) {
    return run(sampler, sampler.evaluations() - 1, sampler.level(sampler.evaluations() - 1));
  }

  /** The distribution of the result, which must be at a level. */
  static GaussianRun atEnd(Sampler sampler, Level end) {
    return run(sampler, sampler.evaluations(), end);
  }

  /** How far mean and deviation are off, in standard deviations. */
  double error() {
    return (Math.abs(mean - wantedMean) + Math.abs(deviation - wantedDeviation)) / wantedDeviation;
  }

  private static GaussianRun run(Sampler sampler, int evaluations, Level end) {
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
      trajectory.advance(answer(trajectory, sampler));
    }
    float[] x = trajectory.sample();
    double variance = 0;
    for (int i = 1; i < x.length; i++) {
      variance += ((double) x[i] - x[0]) * ((double) x[i] - x[0]);
    }
    return new GaussianRun(x[0], Math.sqrt(variance), end.alpha() * DATA_MEAN, deviation(end));
  }

  /** What a perfect network says: the estimate of the clean sample, in the network's own terms. */
  private static float[] answer(Trajectory trajectory, Sampler sampler) {
    Level level = sampler.level(trajectory.done());
    FloatBuffer input = FloatBuffer.allocate(trajectory.size());
    trajectory.writeInput(input);
    double seen = sampler.prediction().inputScale(level);
    double total = deviation(level) * deviation(level);
    double gain = level.alpha() * DATA_DEVIATION * DATA_DEVIATION / total;
    float[] out = new float[trajectory.size()];
    for (int i = 0; i < out.length; i++) {
      double x = input.get(i) / seen;
      double denoised = DATA_MEAN + gain * (x - level.alpha() * DATA_MEAN);
      double rest = denoised - sampler.prediction().sampleFactor(level) * x;
      out[i] = (float) (rest / sampler.prediction().outputFactor(level));
    }
    return out;
  }

  private static double deviation(Level level) {
    double signal = level.alpha() * DATA_DEVIATION;
    return Math.sqrt(signal * signal + level.sigma() * level.sigma());
  }

  /** The first draw puts the start at its distribution; each other draw is a unit of its own. */
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
