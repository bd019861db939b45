package io.darkroom.diffusion;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The steps of the samplers that work on noise-to-signal ratios with the sample unscaled (Karras et
 * al. 2022): sigmas at evenly spaced timesteps or by a formula, timesteps fractional.
 *
 * @param training the curve, with a trace of signal at its end
 * @param sigmas all of them
 * @param first step that is gone
 * @param initialScale standard deviation of the first sample
 */
record RatioSteps(Training training, SigmaSchedule sigmas, int first, double initialScale) {
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

  /** The steps that the settings describe; an option that a family does not declare is standard. */
  static RatioSteps read(Settings settings, TrainingOptions options, Problems problems) {
    Training read = options.read(settings, problems);
    Training training = options.rescaled(settings) ? read.withTraceOfSignal() : read;
    NoiseCurve curve = training.curve();
    SigmaSchedule sigmas =
        settings.steps() instanceof Steps.Sigmas listed
            ? listed(listed, curve)
            : placed(settings, curve, problems);
    sigmas.check(settings.stepsPointer(), problems);
    int first = settings.firstStep(sigmas.steps(), problems);
    return new RatioSteps(training, sigmas, first, initialScale(settings, sigmas));
  }

  /** Where the last step ends. */
  int end() {
    return sigmas.steps();
  }

  double sigma(int i) {
    return sigmas.sigma(i);
  }

  /** The evaluation at the beginning of step {@code i}. */
  Visit visit(int i) {
    return training.visit(sigmas.timestep(i), new Level(1, sigmas.sigma(i)));
  }

  /** With the data's own variance where that remains. */
  private static double initialScale(Settings settings, SigmaSchedule steps) {
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
