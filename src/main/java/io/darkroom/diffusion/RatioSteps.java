package io.darkroom.diffusion;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The steps of the samplers that work on noise-to-signal ratios with the sample unscaled (Karras et
 * al. 2022): sigmas at evenly spaced timesteps or by a formula, timesteps fractional.
 */
final class RatioSteps {
  static final Option<OptionalDouble> SIGMA_MIN = Option.maybeNumber("sigma_min", 1e-6, 1e6);
  static final Option<OptionalDouble> SIGMA_MAX = Option.maybeNumber("sigma_max", 1e-6, 1e6);
  static final Option<Interpolation> INTERPOLATION =
      Option.choice("interpolation_type", Interpolation.LINEAR, Interpolation.values());

  /** How sigmas lie between the training's. */
  enum Interpolation {
    LINEAR,
    LOG_LINEAR;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private RatioSteps() {}

  /** The steps that the settings describe; an option that a family does not declare is standard. */
  static SigmaSchedule read(Settings settings, Training training, Problems problems) {
    NoiseCurve curve = training.curve();
    SigmaSchedule steps =
        settings.steps() instanceof Steps.Sigmas listed
            ? listed(listed, curve)
            : placed(settings, curve, problems);
    steps.check(settings.stepsPointer(), problems);
    return steps;
  }

  /** Standard deviation of the first sample: with the data's own variance where that remains. */
  static double initialScale(Settings settings, SigmaSchedule steps) {
    double most = steps.most();
    return settings.get(SpacingOptions.SPACING) == Spacing.LEADING
        ? StrictMath.sqrt(most * most + 1)
        : most;
  }

  private static SigmaSchedule listed(Steps.Sigmas listed, NoiseCurve curve) {
    double[] sigmas = listed.sigmas().stream().mapToDouble(d -> d).toArray();
    double[] timesteps = new double[Math.max(0, sigmas.length - 1)];
    for (int i = 0; i < timesteps.length; i++) {
      timesteps[i] = curve.timestep(sigmas[i]);
    }
    return new SigmaSchedule(timesteps, sigmas);
  }

  private static SigmaSchedule placed(Settings settings, NoiseCurve curve, Problems problems) {
    double[] timesteps =
        SpacingOptions.timesteps(settings, SpacingOptions.SPACING, curve.steps(), problems);
    double[] sigmas = interpolated(settings, curve, timesteps);
    Optional<SigmaSpacing> formula = SigmaOptions.read(settings, problems);
    if (formula.isPresent()) {
      double least = settings.get(SIGMA_MIN).orElse(sigmas[sigmas.length - 1]);
      double most = settings.get(SIGMA_MAX).orElse(sigmas[0]);
      sigmas = formula.get().between(most, least, timesteps.length);
      for (int i = 0; i < timesteps.length; i++) {
        timesteps[i] = curve.timestep(sigmas[i]);
      }
    }
    double last = settings.get(FinalSigma.OPTION).on(curve);
    return SigmaSchedule.ending(timesteps, sigmas, last);
  }

  private static double[] interpolated(Settings settings, NoiseCurve curve, double[] timesteps) {
    if (settings.get(INTERPOLATION) == Interpolation.LOG_LINEAR) {
      double most = curve.sigma(curve.steps() - 1);
      return SigmaSpacing.EXPONENTIAL.between(most, curve.sigma(0), timesteps.length + 1);
    }
    double[] sigmas = new double[timesteps.length];
    for (int i = 0; i < sigmas.length; i++) {
      sigmas[i] = curve.sigma(timesteps[i]);
    }
    return sigmas;
  }
}
