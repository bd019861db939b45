package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.Steps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The steps of samplers that work on noise-to-signal ratios with the sample unscaled (Karras et al.
 * 2022): sigmas at evenly spaced timesteps or by a formula; timesteps are fractional.
 *
 * @param training the curve, with a minimal signal at its end
 * @param sigmas sigmas of all steps, including skipped ones
 * @param first index of the first step that is run
 * @param initialScale standard deviation of the first sample
 */
public record RatioSteps(Training training, SigmaSchedule sigmas, int first, double initialScale) {
  public static final Option<Interpolation> INTERPOLATION =
      Option.choice("interpolation_type", Interpolation.LINEAR, Interpolation.values());

  /** How sigmas are interpolated between those of the training. */
  enum Interpolation {
    LINEAR,
    LOG_LINEAR;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * Returns the steps that the settings describe. An option that a family does not declare has its
   * default.
   *
   * @param unbounded spacings that ignore {@code sigma_min} and {@code sigma_max}
   */
  public static RatioSteps read(
      Settings settings, TrainingOptions options, Problems problems, SigmaSpacing... unbounded) {
    Training read = options.read(settings, problems);
    Training training = options.rescaled(settings) ? read.withTraceOfSignal() : read;
    NoiseCurve curve = training.curve();
    SigmaSchedule sigmas =
        settings.steps() instanceof Steps.Sigmas listed
            ? listed(listed, curve, settings.get(FinalSigma.OPTION))
            : placed(settings, curve, problems, List.of(unbounded));
    sigmas.check(settings.stepsPointer(), problems);
    int first = settings.firstStep(sigmas.steps(), sigmas::timestep, problems);
    return new RatioSteps(training, sigmas, first, initialScale(settings, sigmas));
  }

  /**
   * Returns the steps of a scheduler that accepts only a step count.
   *
   * @throws InvalidSampling with every problem
   */
  public static RatioSteps counted(
      Settings settings, TrainingOptions options, SigmaSpacing... unbounded)
      throws InvalidSampling {
    Problems problems = new Problems();
    settings.count(problems);
    RatioSteps steps = read(settings, options, problems, unbounded);
    problems.throwIfAny();
    return steps;
  }

  /**
   * Returns the options common to most schedulers of these steps, followed by a scheduler's own.
   */
  public static List<Option<?>> options(TrainingOptions training, Option<?>... own) {
    List<Option<?>> all =
        new ArrayList<>(
            training.and(
                SigmaOptions.KARRAS,
                SigmaOptions.EXPONENTIAL,
                SigmaOptions.BETA,
                SigmaOptions.LEAST,
                SigmaOptions.MOST,
                SpacingOptions.SPACING,
                SpacingOptions.OFFSET));
    all.addAll(Arrays.asList(own));
    return List.copyOf(all);
  }

  /** Returns the index of the level at which the last step ends. */
  public int end() {
    return sigmas.steps();
  }

  public double sigma(int i) {
    return sigmas.sigma(i);
  }

  /** Returns the evaluation at the beginning of step {@code i}. */
  public EvaluationPoint point(int i) {
    return training.point(sigmas.timestep(i), new Level(1, sigmas.sigma(i)));
  }

  /** Returns an evaluation between two steps. */
  public EvaluationPoint visitBetween(double sigma) {
    return training.point(training.curve().timestep(sigma), new Level(1, sigma));
  }

  /**
   * Returns the standard deviation of the first sample, which includes the data's variance if
   * signal remains.
   */
  private static double initialScale(Settings settings, SigmaSchedule steps) {
    double most = steps.most();
    return settings.get(SpacingOptions.SPACING) == Spacing.LEADING
        ? StrictMath.sqrt(most * most + 1)
        : most;
  }

  private static SigmaSchedule listed(Steps.Sigmas listed, NoiseCurve curve, FinalSigma ending) {
    double[] sigmas = listed.beginnings();
    double[] timesteps = Arrays.stream(sigmas).map(curve::timestep).toArray();
    return SigmaSchedule.ending(timesteps, sigmas, listed.closed() ? 0 : ending.on(curve));
  }

  private static SigmaSchedule placed(
      Settings settings, NoiseCurve curve, Problems problems, List<SigmaSpacing> unbounded) {
    double[] timesteps =
        SpacingOptions.timesteps(settings, SpacingOptions.SPACING, curve.steps(), problems);
    double[] sigmas = interpolated(settings, curve, timesteps);
    Optional<SigmaSpacing> formula = SigmaOptions.read(settings, problems);
    if (formula.isPresent()) {
      SigmaSpacing spacing = formula.get();
      double least = sigmas[sigmas.length - 1];
      sigmas =
          unbounded.contains(spacing)
              ? spacing.between(sigmas[0], least, timesteps.length)
              : SigmaOptions.between(settings, spacing, sigmas[0], least, timesteps.length);
      timesteps = Arrays.stream(sigmas).map(curve::timestep).toArray();
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
