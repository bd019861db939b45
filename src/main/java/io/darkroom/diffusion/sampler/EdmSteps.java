package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.EdmPreconditioning;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Prediction;
import io.darkroom.diffusion.PredictionType;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.sampler.DpmSolver.Algorithm;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.FinalSigma;
import io.darkroom.diffusion.schedule.PredictionOptions;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.SigmaSchedule;
import io.darkroom.diffusion.schedule.SigmaSpacing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * The steps of samplers for networks with the preconditioning of Karras et al. 2022: sigmas between
 * two bounds.
 *
 * @param timestep computes the network's timestep input of a sigma
 */
record EdmSteps(
    Option<Double> least,
    Option<Double> most,
    Option<Double> data,
    Option<Curve> curve,
    Option<PredictionType> prediction,
    DoubleUnaryOperator timestep) {
  private static final Option<Double> LEAST = Option.number("sigma_min", 0.002, 1e-6, 1e6);
  private static final Option<Double> MOST = Option.number("sigma_max", 80, 1e-6, 1e6);
  private static final Option<Double> DATA = Option.number("sigma_data", 0.5, 1e-6, 1e6);
  private static final Option<Curve> CURVE =
      Option.choice("sigma_schedule", Curve.KARRAS, Curve.values());
  private static final Option<Integer> TRAINED =
      Option.whole("num_train_timesteps", 1000, 1, 10_000);
  private static final Option<PredictionType> PREDICTION = PredictionOptions.EPSILON_OR_V;
  private static final Option<Double> RHO = Option.number("rho", 7, 0.1, 100);

  /** The timestep is a quarter of the logarithm of sigma (Karras et al. 2022, table 1). */
  static final EdmSteps LOG =
      new EdmSteps(
          LEAST.withDefault(0.002),
          MOST.withDefault(80.0),
          DATA.withDefault(0.5),
          CURVE.withDefault(Curve.KARRAS),
          PREDICTION.withDefault(PredictionType.EPSILON),
          sigma -> 0.25 * StrictMath.log(sigma));

  /** The timestep is the angle between signal and noise, divided by a right angle. */
  static final EdmSteps ANGLE =
      new EdmSteps(
          LEAST.withDefault(0.3),
          MOST.withDefault(500.0),
          DATA.withDefault(1.0),
          CURVE.withDefault(Curve.EXPONENTIAL),
          PREDICTION.withDefault(PredictionType.V_PREDICTION),
          sigma -> StrictMath.atan(sigma) * 2 / StrictMath.PI);

  /** Keys without effect: the network's input is the noise level itself. */
  static final List<String> UNREAD = List.of(TRAINED.key());

  /** The spacing of the sigmas between the bounds. */
  enum Curve {
    KARRAS,
    EXPONENTIAL;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns the options of these steps; a family adds its own. */
  List<Option<?>> options() {
    return List.of(least, most, data, curve, TRAINED, prediction, RHO, FinalSigma.OPTION);
  }

  SigmaSchedule read(Settings settings, Problems problems) {
    settings.refuseNoiseSchedule(problems);
    int count = settings.count(problems);
    double high = settings.get(most);
    double low = settings.get(least);
    if (!(high > low)) {
      problems.mustBe("/scheduler/sigma_max", "above sigma_min, " + low, high);
    }
    double[] sigmas =
        settings.get(curve) == Curve.KARRAS
            ? SigmaSpacing.karras(high, low, settings.get(RHO), count)
            : SigmaSpacing.EXPONENTIAL.between(high, low, count);
    double[] timesteps = new double[count];
    for (int i = 0; i < count; i++) {
      timesteps[i] = timestep.applyAsDouble(sigmas[i]);
    }
    boolean toZero = settings.get(FinalSigma.OPTION) == FinalSigma.ZERO;
    SigmaSchedule steps = SigmaSchedule.ending(timesteps, sigmas, toZero ? 0 : sigmas[count - 1]);
    steps.check(settings.stepsPointer(), problems);
    return steps;
  }

  Prediction prediction(Settings settings) {
    boolean negated = settings.get(prediction) == PredictionType.V_PREDICTION;
    return new EdmPreconditioning(settings.get(data), negated, 0);
  }

  double initialScale(Settings settings) {
    double high = settings.get(most);
    return StrictMath.sqrt(high * high + 1);
  }

  /** Returns the multistep DPM-Solver++ for an unscaled sample. */
  Sampler multistep(Settings settings, Algorithm algorithm, Problems problems)
      throws InvalidSampling {
    SigmaSchedule sigmas = read(settings, problems);
    int first = settings.firstStep(sigmas.steps(), problems);
    problems.throwIfAny();
    List<EvaluationPoint> points = new ArrayList<>();
    List<LinearStep> steps = new ArrayList<>();
    for (int i = first; i < sigmas.steps(); i++) {
      points.add(new EvaluationPoint(sigmas.timestep(i), new Level(1, sigmas.sigma(i))));
      Level[] from = new Level[DpmSolver.order(settings, i, first, sigmas.steps())];
      for (int j = 0; j < from.length; j++) {
        from[j] = new Level(1, sigmas.sigma(i - j));
      }
      Level to = new Level(1, sigmas.sigma(i + 1));
      steps.add(DpmSolver.step(algorithm, settings.get(DpmSolver.TYPE), to, from));
    }
    Solver solver = LinearMultistep.ofDenoised(ClipOptions.thresholding(settings), points, steps);
    return new BoundSampler(points, prediction(settings), initialScale(settings), solver);
  }
}
