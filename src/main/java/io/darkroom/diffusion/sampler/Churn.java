package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Prediction;
import io.darkroom.diffusion.schedule.Settings;
import java.util.List;

/**
 * Noise added back before a step (Karras et al. 2022, algorithm 2: S_churn, S_tmin, S_tmax,
 * S_noise).
 *
 * @param gamma relative increase of sigma
 * @param least smallest sigma at which noise is added
 * @param most largest sigma at which noise is added
 * @param noise standard deviation of the added noise, about 1
 */
record Churn(double gamma, double least, double most, double noise) {
  private static final double MOST_GAMMA = StrictMath.sqrt(2) - 1;
  private static final double INFINITE = Double.POSITIVE_INFINITY;
  private static final Option<Double> AMOUNT = Option.number("s_churn", 0, 0, INFINITE);
  private static final Option<Double> LEAST = Option.number("s_tmin", 0, 0, INFINITE);
  private static final Option<Double> MOST = Option.number("s_tmax", INFINITE, 0, INFINITE);
  static final Option<Double> NOISE = Option.number("s_noise", 1, 0, 10);

  static final List<Option<?>> ARGUMENTS = List.of(AMOUNT, LEAST, MOST, NOISE);

  static Churn read(Settings settings, int steps) {
    double gamma = Math.min(settings.get(AMOUNT) / steps, MOST_GAMMA);
    return new Churn(gamma, settings.get(LEAST), settings.get(MOST), settings.get(NOISE));
  }

  /** Returns sigma after noise is added back. */
  double raised(double sigma) {
    return sigma >= least && sigma <= most ? sigma * (1 + gamma) : sigma;
  }

  /**
   * Returns Euler's step from the raised level down to the next. The network was evaluated before
   * the noise was added, and its output is used for the raised level.
   *
   * @param readAt the level at which that output is interpreted together with the raised sample
   */
  LinearStep step(double from, double to, Prediction prediction, Level readAt) {
    double raised = raised(from);
    if (raised == from) {
      return LinearStep.of(to / from, 1 - to / from);
    }
    Level asked = new Level(1, from);
    double added = noise * StrictMath.sqrt(raised * raised - from * from);
    double stride = (to - raised) / raised;
    double answer = prediction.outputFactor(readAt) / prediction.outputFactor(asked);
    double ofRaised = 1 + stride - stride * prediction.sampleFactor(readAt);
    double ofSample = ofRaised + stride * answer * prediction.sampleFactor(asked);
    return LinearStep.of(ofSample, -stride * answer).withNoise(added * ofRaised);
  }
}
