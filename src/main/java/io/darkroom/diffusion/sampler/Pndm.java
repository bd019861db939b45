package io.darkroom.diffusion.sampler;

import static io.darkroom.diffusion.PredictionType.EPSILON;
import static io.darkroom.diffusion.PredictionType.V_PREDICTION;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.PredictionType;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.schedule.BetaSchedule;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.NoiseCurve;
import io.darkroom.diffusion.schedule.PredictionOptions;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.SpacingOptions;
import io.darkroom.diffusion.schedule.Training;
import io.darkroom.diffusion.schedule.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Pseudo numerical methods for diffusion models (Liu et al. 2022, algorithm 2): the transfer of eq.
 * 11 with Adams-Bashforth weights for the noise estimates of the last steps. The first three steps
 * are Runge-Kutta steps of four evaluations each. With {@code skip_prk_steps} (PLMS), there is
 * instead one Heun-like step that evaluates its end twice. No draws.
 */
@AutoService(SamplerFamily.class)
public final class Pndm implements SamplerFamily {
  private static final TrainingOptions TRAINING =
      TrainingOptions.of(
              BetaSchedule.LINEAR, BetaSchedule.SCALED_LINEAR, BetaSchedule.SQUAREDCOS_CAP_V2)
          .notRescalable();
  private static final Option<Boolean> SKIP_PRK = Option.flag("skip_prk_steps", false);
  private static final Option<Boolean> ALPHA_TO_ONE = Option.flag("set_alpha_to_one", false);
  private static final int PRK_STEPS = 3;

  @Override
  public String className() {
    return "PNDMScheduler";
  }

  @Override
  public String title(Settings settings) {
    return settings.get(SKIP_PRK) ? "PLMS" : "PNDM";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("pndm"), new Alias("plms", Map.of(SKIP_PRK.key(), true)));
  }

  @Override
  public List<Option<?>> options() {
    return TRAINING.and(
        SKIP_PRK,
        ALPHA_TO_ONE,
        PredictionOptions.EPSILON_OR_V,
        SpacingOptions.LEADING,
        SpacingOptions.OFFSET);
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    Problems problems = new Problems();
    Training training = TRAINING.read(settings, problems);
    int count = settings.count(problems);
    problems.throwIfAny();
    double[] timesteps =
        SpacingOptions.rounded(
            SpacingOptions.spaced(
                settings, SpacingOptions.LEADING, training.steps(), count, problems));
    boolean prk = !settings.get(SKIP_PRK);
    if (prk && count <= PRK_STEPS) {
      problems.mustBe("/num_inference_steps", "4 or more without skip_prk_steps", count);
    }
    if (prk && settings.strength() < 1) {
      problems.mustBe("/strength", "1 without skip_prk_steps", settings.strength());
    }
    int first = settings.firstStep(count, problems);
    problems.throwIfAny();
    Plan plan = new Plan(training, settings, training.steps() / count);
    if (prk) {
      plan.rungeKutta(timesteps);
    } else {
      plan.multistep(timesteps, first);
    }
    PredictionType prediction = settings.get(PredictionOptions.EPSILON_OR_V);
    Solver solver = new Pseudo(plan.points, plan.steps, prediction, prk);
    return new BoundSampler(plan.points, prediction, 1, solver);
  }

  /**
   * One transfer, linear in the sample at its beginning, the newest output and stored outputs.
   *
   * @param stored memory index for the newest output; -1 if it is not stored
   * @param begins the sample at which the transfer begins
   */
  private record Step(
      double ofSample, double ofNewest, List<Term> others, int stored, Begins begins) {}

  /** A stored output and its factor. */
  private record Term(int slot, double factor) {}

  /** The sample at which a transfer begins. */
  private enum Begins {
    HERE,
    HERE_AND_KEEPS_IT,
    AT_THE_KEPT
  }

  /** Builds the evaluations and transfers of a render. */
  private static final class Plan {
    private static final int NOWHERE = -1;
    private static final int OUTPUTS = 4;
    private static final int SECOND = 5;
    private static final int THIRD = 6;

    private final Training training;
    private final Settings settings;
    private final int stride;
    private final List<EvaluationPoint> points = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private int kept;

    Plan(Training training, Settings settings, int stride) {
      this.training = training;
      this.settings = settings;
      this.stride = stride;
    }

    /** Adds the first three steps by Liu et al. 2022, eq. 13, then the multistep steps. */
    void rungeKutta(double[] timesteps) {
      int half = stride / 2;
      for (int i = 0; i < PRK_STEPS; i++) {
        int from = (int) timesteps[i];
        int to = (int) timesteps[i + 1];
        int middle = to + half;
        Begins kept = Begins.AT_THE_KEPT;
        int slot = this.kept++;
        add(from, from, from - half, slot, Begins.HERE_AND_KEEPS_IT, List.of(), 1);
        add(middle, from, middle, SECOND, kept, List.of(), 1);
        add(middle, from, middle - half, THIRD, kept, List.of(), 1);
        List<Term> sum =
            List.of(new Term(slot, 1. / 6), new Term(SECOND, 1. / 3), new Term(THIRD, 1. / 3));
        add(to, from, to, NOWHERE, kept, sum, 1. / 6);
      }
      for (int i = PRK_STEPS; i < timesteps.length; i++) {
        multistep((int) timesteps[i]);
      }
    }

    /** Adds multistep steps from the start; the second timestep is evaluated twice. */
    void multistep(double[] timesteps, int first) {
      List<Integer> networkTimestep = new ArrayList<>();
      for (int i = 0; i < timesteps.length; i++) {
        networkTimestep.add((int) timesteps[i]);
        if (i == 1) {
          networkTimestep.add((int) timesteps[i]);
        }
      }
      for (int i = first; i < networkTimestep.size(); i++) {
        int t = networkTimestep.get(i);
        if (i == first) {
          add(t, t, t - stride, kept++, Begins.HERE_AND_KEEPS_IT, List.of(), 1);
        } else if (i == first + 1) {
          int from = Math.min(t + stride, training.steps() - 1);
          add(t, from, t, NOWHERE, Begins.AT_THE_KEPT, List.of(new Term(0, 1. / 2)), 1. / 2);
        } else {
          multistep(t);
        }
      }
    }

    /** Adds the step of Liu et al. 2022, eq. 12: one stride with the last outputs. */
    private void multistep(int t) {
      double[] weights = AdamsBashforth.weights(Math.min(kept + 1, OUTPUTS));
      List<Term> others = new ArrayList<>();
      for (int j = 1; j < weights.length; j++) {
        others.add(new Term((kept - j) % OUTPUTS, weights[j]));
      }
      add(t, t, t - stride, kept++ % OUTPUTS, Begins.HERE, others, weights[0]);
    }

    /**
     * Adds an evaluation at {@code networkTimestep} and the transfer between two timesteps (eq.
     * 11).
     */
    private void add(
        int networkTimestep,
        int from,
        int to,
        int stored,
        Begins begins,
        List<Term> others,
        double newest) {
      NoiseCurve curve = training.curve();
      double a = curve.alphaCumprod(from);
      double last = settings.get(ALPHA_TO_ONE) ? 1 : curve.alphaCumprod(0);
      double b = to >= 0 ? curve.alphaCumprod(to) : last;
      double ofSample = StrictMath.sqrt(b / a);
      double below = a * StrictMath.sqrt(1 - b) + StrictMath.sqrt(a * (1 - a) * b);
      double ofOutput = -(b - a) / below;
      if (settings.get(PredictionOptions.EPSILON_OR_V) == V_PREDICTION) {
        // The noise that corresponds to a combination of v predictions at the start of the
        // transfer.
        ofSample += ofOutput * StrictMath.sqrt(1 - a);
        ofOutput *= StrictMath.sqrt(a);
      }
      List<Term> terms = new ArrayList<>();
      for (Term each : others) {
        terms.add(new Term(each.slot, each.factor * ofOutput));
      }
      points.add(training.point(networkTimestep, curve.level(networkTimestep)));
      steps.add(new Step(ofSample, ofOutput * newest, List.copyOf(terms), stored, begins));
    }
  }

  /** Memory 0 to 3: the last outputs, cyclically; 4: the kept sample; 5, 6: Runge-Kutta. */
  private record Pseudo(
      List<EvaluationPoint> points, List<Step> steps, PredictionType prediction, boolean prk)
      implements Solver {
    private static final int KEPT = 4;

    private Pseudo {
      points = List.copyOf(points);
      steps = List.copyOf(steps);
    }

    @Override
    public int memory() {
      return prk ? 7 : 5;
    }

    @Override
    public void accept(Trajectory trajectory, int k, float[] denoised) {
      Step step = steps.get(k);
      float[] x = trajectory.sample();
      float[] kept = trajectory.memory(KEPT);
      toOutput(denoised, x, points.get(k).level());
      if (step.begins == Begins.HERE_AND_KEEPS_IT) {
        Elements.copy(kept, x);
      }
      float[] from = step.begins == Begins.AT_THE_KEPT ? kept : x;
      Elements.combine(x, step.ofSample, from, step.ofNewest, denoised);
      for (int j = 0; j < step.others.size(); j++) {
        Term term = step.others.get(j);
        Elements.add(x, term.factor, trajectory.memory(term.slot));
      }
      if (step.stored >= 0) {
        Elements.copy(trajectory.memory(step.stored), denoised);
      }
    }

    /** Converts an estimate of the clean sample back to the network's output. */
    private void toOutput(float[] denoised, float[] x, Level level) {
      boolean noise = prediction == EPSILON;
      float ofSample = (float) ((noise ? 1 : level.alpha()) / level.sigma());
      float ofDenoised = (float) ((noise ? -level.alpha() : -1) / level.sigma());
      for (int i = 0; i < x.length; i++) {
        denoised[i] = ofSample * x[i] + ofDenoised * denoised[i];
      }
    }
  }
}
