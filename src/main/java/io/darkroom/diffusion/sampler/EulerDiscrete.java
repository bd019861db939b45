package io.darkroom.diffusion.sampler;

import static io.darkroom.diffusion.PredictionType.EPSILON;
import static io.darkroom.diffusion.PredictionType.V_PREDICTION;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.PredictionType;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.schedule.BetaSchedule;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.FinalSigma;
import io.darkroom.diffusion.schedule.PredictionOptions;
import io.darkroom.diffusion.schedule.RatioSteps;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Euler's method on the probability flow, with optional churn (Karras et al. 2022, algorithm 2
 * without the correction). Churn raises the noise after the evaluation; the output is used for the
 * raised level.
 *
 * <p>One draw in each step to whose sigma churn applies.
 */
@AutoService(SamplerFamily.class)
public final class EulerDiscrete implements SamplerFamily {
  private static final TrainingOptions TRAINING =
      TrainingOptions.of(
          BetaSchedule.LINEAR, BetaSchedule.SCALED_LINEAR, BetaSchedule.SQUAREDCOS_CAP_V2);
  private static final Option<TimestepType> TIMESTEP_TYPE =
      Option.choice("timestep_type", TimestepType.DISCRETE, TimestepType.values());

  private enum TimestepType {
    DISCRETE,
    CONTINUOUS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public String className() {
    return "EulerDiscreteScheduler";
  }

  @Override
  public String title(Settings settings) {
    return "Euler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("euler"));
  }

  @Override
  public List<Option<?>> options() {
    return RatioSteps.options(
        TRAINING,
        PredictionOptions.EPSILON_SAMPLE_OR_V,
        RatioSteps.INTERPOLATION,
        TIMESTEP_TYPE,
        FinalSigma.OPTION);
  }

  @Override
  public List<Option<?>> arguments() {
    return Churn.ARGUMENTS;
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    Problems problems = new Problems();
    RatioSteps steps = RatioSteps.read(settings, TRAINING, problems);
    PredictionType prediction = settings.get(PredictionOptions.EPSILON_SAMPLE_OR_V);
    boolean continuous =
        prediction == V_PREDICTION && settings.get(TIMESTEP_TYPE) == TimestepType.CONTINUOUS;
    if (continuous && settings.steps() instanceof Steps.Timesteps) {
      problems.add("/timesteps", "cannot be given if timestep_type is continuous");
    }
    problems.throwIfAny();
    Churn churn = Churn.read(settings, steps.sigmas().length() - 1);
    List<EvaluationPoint> points = new ArrayList<>();
    List<LinearStep> ways = new ArrayList<>();
    for (int i = steps.first(); i < steps.end(); i++) {
      double sigma = steps.sigma(i);
      points.add(
          continuous
              ? new EvaluationPoint(0.25 * StrictMath.log(sigma), new Level(1, sigma))
              : steps.point(i));
      Level readAt = readAt(sigma, churn, prediction);
      ways.add(churn.step(sigma, steps.sigma(i + 1), prediction, readAt));
    }
    Solver solver = LinearMultistep.ofDenoised(new Clip.None(), points, ways);
    return new BoundSampler(points, prediction, steps.initialScale(), solver);
  }

  /**
   * Returns the level at which the network's output is interpreted after noise was added back: a
   * noise prediction is used at the raised level, other predictions at the level of the evaluation.
   */
  private static Level readAt(double from, Churn churn, PredictionType prediction) {
    return new Level(1, prediction == EPSILON ? churn.raised(from) : from);
  }
}
