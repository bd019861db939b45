package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Prediction;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.SigmaSchedule;
import java.util.ArrayList;
import java.util.List;

/**
 * Euler's method with optional churn for networks with Karras's preconditioning (Karras et al.
 * 2022, algorithm 2 without the correction).
 *
 * <p>One draw in each step to whose sigma churn applies.
 */
@AutoService(SamplerFamily.class)
public final class EdmEuler implements SamplerFamily {

  @Override
  public String className() {
    return "EDMEulerScheduler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("edm_euler"));
  }

  @Override
  public List<Option<?>> options() {
    return EdmSteps.LOG.options();
  }

  @Override
  public List<String> unread() {
    return EdmSteps.UNREAD;
  }

  @Override
  public List<Option<?>> arguments() {
    return Churn.ARGUMENTS;
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    Problems problems = new Problems();
    SigmaSchedule steps = EdmSteps.LOG.read(settings, problems);
    int first = settings.firstStep(steps.steps(), problems);
    problems.throwIfAny();
    Prediction prediction = EdmSteps.LOG.prediction(settings);
    Churn churn = Churn.read(settings, steps.steps());
    List<EvaluationPoint> points = new ArrayList<>();
    List<LinearStep> ways = new ArrayList<>();
    for (int i = first; i < steps.steps(); i++) {
      double sigma = steps.sigma(i);
      points.add(new EvaluationPoint(steps.timestep(i), new Level(1, sigma)));
      Level raised = new Level(1, churn.raised(sigma));
      ways.add(churn.step(sigma, steps.sigma(i + 1), prediction, raised));
    }
    Solver solver = LinearMultistep.ofDenoised(new Clip.None(), points, ways);
    return new BoundSampler(points, prediction, EdmSteps.LOG.initialScale(settings), solver);
  }
}
