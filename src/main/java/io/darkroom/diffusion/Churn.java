package io.darkroom.diffusion;

import java.util.List;

/**
 * Noise put back before a step (Karras et al. 2022, algorithm 2, S_churn and its kin).
 *
 * @param gamma by which share sigma is raised
 * @param least sigma from which it is
 * @param most sigma up to which it is
 * @param noise standard deviation of the noise that is added, about 1
 */
record Churn(double gamma, double least, double most, double noise) {
  private static final double INFINITE = Double.POSITIVE_INFINITY;
  private static final Option<Double> AMOUNT = Option.number("s_churn", 0, 0, INFINITE);
  private static final Option<Double> LEAST = Option.number("s_tmin", 0, 0, INFINITE);
  private static final Option<Double> MOST = Option.number("s_tmax", INFINITE, 0, INFINITE);
  private static final Option<Double> NOISE = Option.number("s_noise", 1, 0, 10);

  static final List<Option<?>> ARGUMENTS = List.of(AMOUNT, LEAST, MOST, NOISE);

  static Churn read(Settings settings, int steps, double mostGamma) {
    double gamma = Math.min(settings.get(AMOUNT) / steps, mostGamma);
    return new Churn(gamma, settings.get(LEAST), settings.get(MOST), settings.get(NOISE));
  }

  /** Sigma with the noise put back. */
  double raised(double sigma) {
    return sigma >= least && sigma <= most ? sigma * (1 + gamma) : sigma;
  }
}
