package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.PredictionType;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.Steps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The steps of samplers that integrate in half-log-SNR (DPM-Solver and related solvers), with the
 * sample variance-preserving or on the flow. Timesteps are whole numbers; levels are exact.
 */
public final class LambdaSteps {
  public static final TrainingOptions TRAINING =
      TrainingOptions.of(
          BetaSchedule.LINEAR, BetaSchedule.SCALED_LINEAR, BetaSchedule.SQUAREDCOS_CAP_V2);
  public static final Option<PredictionType> PREDICTION = PredictionOptions.ALL;
  public static final Option<Boolean> FLOW = Option.flag("use_flow_sigmas", false);
  static final Option<Double> FLOW_SHIFT = Option.number("flow_shift", 1, 1e-3, 1e3);
  public static final Option<ShiftType> SHIFT_TYPE =
      Option.choice("time_shift_type", ShiftType.EXPONENTIAL, ShiftType.EXPONENTIAL);
  public static final Option<Double> LAMBDA_MIN =
      Option.number("lambda_min_clipped", Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY, 100);
  public static final Option<VarianceType> VARIANCE_TYPE =
      Option.choice("variance_type", VarianceType.NONE, VarianceType.values())
          .readingAs("fixed_small", VarianceType.NONE)
          .readingAs("fixed_small_log", VarianceType.NONE)
          .readingAs("fixed_large", VarianceType.NONE)
          .readingAs("fixed_large_log", VarianceType.NONE);

  /**
   * The variance that the network outputs in addition to its prediction; these samplers do not use
   * it.
   */
  enum VarianceType {
    NONE,
    LEARNED,
    LEARNED_RANGE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The differences between these samplers.
   *
   * @param ending the noise level at the end of the last step
   * @param holdsLast whether the final level equals the last sigma if a formula gives the sigmas
   * @param cutsCosine whether timesteps on the cosine schedule are truncated instead of rounded
   */
  public record Rules(Option<FinalSigma> ending, boolean holdsLast, boolean cutsCosine) {}

  private final Training training;
  private final SigmaSchedule sigmas;
  private final Scaling scaling;

  private LambdaSteps(Training training, SigmaSchedule sigmas, Scaling scaling) {
    this.training = training;
    this.sigmas = sigmas;
    this.scaling = scaling;
  }

  /** Returns the options common to these samplers, followed by a sampler's own. */
  public static List<Option<?>> options(TrainingOptions training, Option<?>... own) {
    List<Option<?>> all =
        new ArrayList<>(
            training.and(
                PREDICTION,
                SigmaOptions.KARRAS,
                SigmaOptions.EXPONENTIAL,
                SigmaOptions.BETA,
                SigmaOptions.LEAST,
                SigmaOptions.MOST,
                FLOW,
                FLOW_SHIFT));
    all.addAll(Arrays.asList(own));
    return List.copyOf(all);
  }

  /**
   * Returns the steps that the settings describe. An option that a family does not declare has its
   * default.
   */
  public static LambdaSteps read(Settings settings, Rules rules, Problems problems) {
    settings.refuseSigmas(problems);
    Training training = TRAINING.read(settings, problems);
    Training traced = TRAINING.rescaled(settings) ? training.withTraceOfSignal() : training;
    boolean flow = settings.get(FLOW);
    if (!flow && settings.get(FlowSteps.MU).isPresent()) {
      problems.add("/mu", "needs use_flow_sigmas");
    }
    SigmaSchedule sigmas =
        flow
            ? flow(settings, rules, traced, problems)
            : placed(settings, rules, traced.curve(), problems);
    Scaling scaling = flow ? Scaling.FLOW : Scaling.VARIANCE_PRESERVING;
    return of(settings, traced, sigmas, scaling, problems);
  }

  /** Creates given steps; adds a problem if they do not decrease. */
  static LambdaSteps of(
      Settings settings,
      Training training,
      SigmaSchedule sigmas,
      Scaling scaling,
      Problems problems) {
    sigmas.check(settings.stepsPointer(), problems);
    return new LambdaSteps(training, sigmas, scaling);
  }

  public int steps() {
    return sigmas.steps();
  }

  /** Returns the index of the first step that is run. */
  public int first(Settings settings, Problems problems) {
    return settings.firstStep(steps(), sigmas::timestep, problems);
  }

  /** Returns the level at which step {@code i} begins and the previous step ends. */
  public Level level(int i) {
    return scaling.level(sigmas.sigma(i));
  }

  /** Returns {@code count} levels: level {@code newest} and the ones before it. */
  public Level[] levelsBefore(int newest, int count) {
    Level[] levels = new Level[count];
    for (int j = 0; j < count; j++) {
      levels[j] = level(newest - j);
    }
    return levels;
  }

  /**
   * Returns the half-log-SNRs of {@code count} levels, {@code newest} and the ones before it,
   * relative to level {@code end}.
   */
  public double[] timesBefore(int end, int newest, int count) {
    double[] times = new double[count];
    for (int j = 0; j < count; j++) {
      times[j] = level(newest - j).lambda() - level(end).lambda();
    }
    return times;
  }

  /** Returns the evaluations from step {@code first} on. */
  public List<EvaluationPoint> points(int first) {
    List<EvaluationPoint> points = new ArrayList<>();
    for (int i = first; i < steps(); i++) {
      double timestep = sigmas.timestep(i);
      points.add(
          scaling == Scaling.FLOW
              ? new EvaluationPoint(timestep, level(i))
              : training.point(timestep, level(i)));
    }
    return points;
  }

  private static SigmaSchedule placed(
      Settings settings, Rules rules, NoiseCurve curve, Problems problems) {
    Optional<SigmaSpacing> formula = SigmaOptions.read(settings, problems);
    if (formula.isEmpty()) {
      double[] timesteps = timesteps(settings, curve, problems);
      double[] sigmas = Arrays.stream(timesteps).map(curve::sigma).toArray();
      return SigmaSchedule.ending(timesteps, sigmas, settings.get(rules.ending).on(curve));
    }
    int count = settings.steps() instanceof Steps.Count c ? c.steps() : 1;
    double[] sigmas =
        spread(settings, formula.get(), curve.sigma(curve.steps() - 1), curve.sigma(0), count);
    double[] timesteps = timesteps(settings, rules, curve, formula.get(), count);
    return ending(settings, rules, curve, timesteps, sigmas);
  }

  /**
   * Returns the whole timesteps of sigmas that a formula gives, rounded or truncated as in the
   * reference.
   */
  private static double[] timesteps(
      Settings settings, Rules rules, NoiseCurve curve, SigmaSpacing formula, int count) {
    boolean rounded = formula == SigmaSpacing.KARRAS || formula == SigmaSpacing.LU;
    boolean cosine = TRAINING.schedule(settings) == BetaSchedule.SQUAREDCOS_CAP_V2;
    boolean cut = !rounded || (rules.cutsCosine && cosine);
    FloatSigmas floats = FloatSigmas.of(curve);
    boolean lu = formula == SigmaSpacing.LU;
    double most = lu ? StrictMath.exp(floats.log(curve.steps() - 1)) : floats.most();
    double least = lu ? StrictMath.exp(floats.log(0)) : floats.least();
    return Arrays.stream(spread(settings, formula, most, least, count))
        .map(floats::timestep)
        .map(cut ? StrictMath::floor : StrictMath::rint)
        .toArray();
  }

  /**
   * Spaces sigmas by a formula. Lu's spacing always uses the training's range and ignores the
   * options for the ends.
   */
  private static double[] spread(
      Settings settings, SigmaSpacing formula, double most, double least, int count) {
    return formula == SigmaSpacing.LU
        ? formula.between(most, least, count)
        : SigmaOptions.between(settings, formula, most, least, count);
  }

  private static SigmaSchedule ending(
      Settings settings, Rules rules, NoiseCurve curve, double[] timesteps, double[] sigmas) {
    FinalSigma ending = settings.get(rules.ending);
    boolean held = rules.holdsLast && ending == FinalSigma.SIGMA_MIN;
    double last = held ? sigmas[sigmas.length - 1] : ending.on(curve);
    return SigmaSchedule.ending(timesteps, sigmas, last);
  }

  /**
   * Returns whole timesteps. For a step count, one more timestep is spaced and the last one is
   * dropped.
   */
  private static double[] timesteps(Settings settings, NoiseCurve curve, Problems problems) {
    if (settings.steps() instanceof Steps.Timesteps) {
      double[] listed =
          SpacingOptions.timesteps(settings, SpacingOptions.SPACING, curve.steps(), problems);
      return Arrays.stream(listed).map(StrictMath::floor).toArray();
    }
    int usable = usable(curve, settings.get(LAMBDA_MIN));
    int count = settings.count(problems);
    Spacing spacing = settings.get(SpacingOptions.SPACING);
    if (count >= usable) {
      problems.mustBe(settings.stepsPointer(), "1 to " + (usable - 1), count);
      return new double[] {0};
    }
    if (spacing == Spacing.TRAILING) {
      double stride = (double) curve.steps() / count;
      int fitting = (int) StrictMath.ceil(usable / stride - 1e-9);
      double[] out = new double[fitting];
      for (int i = 0; i < fitting; i++) {
        out[i] = StrictMath.rint(usable - i * stride) - 1;
      }
      return out;
    }
    double[] spaced =
        SpacingOptions.spaced(settings, SpacingOptions.SPACING, usable, count + 1, problems);
    return Arrays.stream(spaced, 0, count).map(StrictMath::rint).toArray();
  }

  /** Returns the number of timesteps whose lambda is not below {@code least}. */
  private static int usable(NoiseCurve curve, double least) {
    int usable = curve.steps();
    while (usable > 0 && curve.level(usable - 1).lambda() < least) {
      usable--;
    }
    return usable;
  }

  private static SigmaSchedule flow(
      Settings settings, Rules rules, Training training, Problems problems) {
    SigmaOptions.read(settings, problems)
        .ifPresent(
            formula ->
                problems.add("/scheduler/use_flow_sigmas", "cannot be on with another spacing"));
    int count = settings.count(problems);
    double shift = shift(settings, problems);
    int trained = training.steps();
    double[] timesteps = new double[count];
    double[] sigmas = new double[count];
    for (int i = 0; i < count; i++) {
      double even = (1 - 1.0 / trained) * (count - i) / count;
      sigmas[i] = shift * even / (1 + (shift - 1) * even);
      timesteps[i] = StrictMath.floor(sigmas[i] * trained);
    }
    return ending(settings, rules, training.curve(), timesteps, sigmas);
  }

  private static double shift(Settings settings, Problems problems) {
    OptionalDouble mu = settings.get(FlowSteps.MU);
    if (mu.isEmpty()) {
      return settings.get(FLOW_SHIFT);
    }
    if (!settings.get(FlowSteps.DYNAMIC)) {
      problems.add("/mu", "needs use_dynamic_shifting");
    }
    return settings.get(SHIFT_TYPE).shift(mu.getAsDouble());
  }
}
