package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.PredictionType;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * Improved pseudo linear multistep of fourth order for networks that predict v and receive the
 * angle of the level as timestep: {@code sigma} decreases as a squared sine, {@code alpha² + sigma²
 * = 1}, and the timestep is {@code atan2(sigma, alpha) / (pi / 2)}. Noise estimates are combined
 * with Adams-Bashforth weights (Liu et al. 2022, eq. 9 and 12). No draws.
 */
@AutoService(SamplerFamily.class)
public final class Ipndm implements SamplerFamily {
  private static final Option<Integer> TRAINED =
      Option.whole("num_train_timesteps", 1000, 1, 10_000);
  private static final Option<List<Double>> SIGMAS =
      Option.numbers("trained_betas", Settings.MOST_STEPS + 1, 0, 1);

  @Override
  public String className() {
    return "IPNDMScheduler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("ipndm"));
  }

  @Override
  public List<Option<?>> options() {
    return List.of(TRAINED, SIGMAS);
  }

  @Override
  public List<String> unread() {
    return List.of(TRAINED.key());
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    Problems problems = new Problems();
    settings.refuseNoiseSchedule(problems);
    int count = settings.count(problems);
    List<Double> sigmas = sigmas(settings, count, problems);
    int first = settings.firstStep(count, problems);
    problems.throwIfAny();
    List<EvaluationPoint> points = new ArrayList<>();
    List<LinearStep> steps = new ArrayList<>();
    for (int i = first; i < count; i++) {
      Level from = level(sigmas.get(i));
      double angle = StrictMath.atan2(from.sigma(), from.alpha()) / StrictMath.PI * 2;
      points.add(new EvaluationPoint(angle, from));
      steps.add(step(from, level(sigmas.get(i + 1)), i - first));
    }
    Solver solver =
        new LinearMultistep(LinearMultistep.Values.NOISE, new Clip.None(), points, steps);
    return new BoundSampler(points, PredictionType.V_PREDICTION, 1, solver);
  }

  private static List<Double> sigmas(Settings settings, int count, Problems problems) {
    List<Double> sigmas = new ArrayList<>(settings.get(SIGMAS));
    if (sigmas.isEmpty()) {
      for (int i = 0; i <= count; i++) {
        double sine = StrictMath.sin((1 - i / (double) count) * StrictMath.PI / 2);
        sigmas.add(i == count ? 0 : sine * sine);
      }
    }
    if (sigmas.size() != count + 1) {
      String rule = "one more than num_inference_steps, " + (count + 1);
      problems.mustBe("/scheduler/trained_betas", rule, sigmas.size());
    }
    for (int i = 1; i < sigmas.size(); i++) {
      if (!(sigmas.get(i) < sigmas.get(i - 1))) {
        problems.mustBe("/scheduler/trained_betas/" + i, "below the one before", sigmas.get(i));
        break;
      }
    }
    return sigmas;
  }

  private static Level level(double sigma) {
    return new Level(StrictMath.sqrt(1 - sigma * sigma), sigma);
  }

  private static LinearStep step(Level from, Level to, int done) {
    double[] factors = AdamsBashforth.weights(Math.min(done + 1, 4));
    // Without signal, the estimate of the clean sample is taken as 0.
    double ofSample = from.alpha() == 0 ? 0 : to.alpha() / from.alpha();
    for (int j = 0; j < factors.length; j++) {
      factors[j] *= to.sigma() - ofSample * from.sigma();
    }
    return LinearStep.of(ofSample, factors);
  }
}
