package io.darkroom.diffusion;

import java.util.List;
import java.util.Locale;

/**
 * The steps of the samplers for networks inside the preconditioning of Karras et al. 2022: sigmas
 * between two bounds, the network told a quarter of their logarithm.
 */
final class EdmSteps {
  private static final Option<Double> LEAST = Option.number("sigma_min", 0.002, 1e-6, 1e6);
  private static final Option<Double> MOST = Option.number("sigma_max", 80, 1e-6, 1e6);
  private static final Option<Double> DATA = Option.number("sigma_data", 0.5, 1e-6, 1e6);
  private static final Option<Curve> CURVE =
      Option.choice("sigma_schedule", Curve.KARRAS, Curve.values());
  private static final Option<Integer> TRAINED =
      Option.whole("num_train_timesteps", 1000, 1, 10_000);
  private static final Option<PredictionType> PREDICTION =
      Option.choice(
          "prediction_type",
          PredictionType.EPSILON,
          PredictionType.EPSILON,
          PredictionType.V_PREDICTION);
  private static final Option<Double> RHO = Option.number("rho", 7, 0.1, 100);

  /** The options of this page; a family adds its own. */
  static final List<Option<?>> OPTIONS =
      List.of(LEAST, MOST, DATA, CURVE, TRAINED, PREDICTION, RHO, FinalSigma.OPTION);

  /** How the sigmas lie between the bounds. */
  private enum Curve {
    KARRAS,
    EXPONENTIAL;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private EdmSteps() {}

  static SigmaSchedule read(Settings settings, Problems problems) {
    settings.refuseNoiseSchedule(problems);
    int count = settings.count(problems);
    double most = settings.get(MOST);
    double least = settings.get(LEAST);
    if (!(most > least)) {
      problems.mustBe("/scheduler/sigma_max", "above sigma_min, " + least, most);
    }
    double[] sigmas =
        settings.get(CURVE) == Curve.KARRAS
            ? SigmaSpacing.karras(most, least, settings.get(RHO), count)
            : SigmaSpacing.EXPONENTIAL.between(most, least, count);
    double[] timesteps = new double[count];
    for (int i = 0; i < count; i++) {
      timesteps[i] = 0.25 * StrictMath.log(sigmas[i]);
    }
    boolean toZero = settings.get(FinalSigma.OPTION) == FinalSigma.ZERO;
    SigmaSchedule steps = SigmaSchedule.ending(timesteps, sigmas, toZero ? 0 : sigmas[count - 1]);
    steps.check(settings.stepsPointer(), problems);
    return steps;
  }

  static Prediction prediction(Settings settings) {
    boolean negated = settings.get(PREDICTION) == PredictionType.V_PREDICTION;
    return new EdmPreconditioning(settings.get(DATA), negated);
  }

  static double initialScale(Settings settings) {
    double most = settings.get(MOST);
    return StrictMath.sqrt(most * most + 1);
  }
}
