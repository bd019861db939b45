package io.darkroom.diffusion.sampler;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.PredictionType;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.schedule.BetaSchedule;
import io.darkroom.diffusion.schedule.EvaluationPoint;
import io.darkroom.diffusion.schedule.NoiseCurve;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.Training;
import io.darkroom.diffusion.schedule.TrainingOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * Inpainting with a model that was not trained for it (Lugmayr et al. 2022, algorithm 1): each step
 * denoises the unknown part and replaces the known part by the picture with noise of the same
 * level. At intervals, some steps are undone by adding noise, so that the two parts fit together.
 *
 * <p>One draw in each denoising step, used for both parts; then one for each undone training
 * timestep, from low to high.
 */
@AutoService(SamplerFamily.class)
public final class RePaint implements SamplerFamily {
  private static final TrainingOptions TRAINING =
      TrainingOptions.of(
              BetaSchedule.LINEAR,
              BetaSchedule.SCALED_LINEAR,
              BetaSchedule.SQUAREDCOS_CAP_V2,
              BetaSchedule.SIGMOID)
          .notRescalable();
  private static final Option<Double> ETA = Option.number("eta", 0, 0, 1);
  private static final Option<Integer> JUMP_LENGTH =
      Option.whole("jump_length", 10, 1, Settings.MOST_STEPS);
  private static final Option<Integer> JUMP_SAMPLES =
      Option.whole("jump_n_sample", 10, 1, Settings.MOST_STEPS);
  private static final int MOST_EVALUATIONS = 10_000;

  @Override
  public String className() {
    return "RePaintScheduler";
  }

  @Override
  public List<Alias> aliases() {
    return List.of(Alias.of("repaint"));
  }

  @Override
  public List<Option<?>> options() {
    return TRAINING.and(ETA, ClipOptions.CLIP);
  }

  @Override
  public List<Option<?>> arguments() {
    return List.of(ETA, JUMP_LENGTH, JUMP_SAMPLES);
  }

  @Override
  public Sampler bind(Settings settings) throws InvalidSampling {
    Problems problems = new Problems();
    settings.refuseStrength(problems);
    Training training = TRAINING.read(settings, problems);
    int count = settings.count(problems);
    if (count > training.steps()) {
      problems.mustBe("/num_inference_steps", "1 to " + training.steps(), count);
    }
    List<Move> moves = moves(settings, count, problems);
    problems.throwIfAny();
    int stride = training.steps() / count;
    NoiseCurve curve = training.curve();
    List<EvaluationPoint> points = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    for (Move move : moves) {
      int t = move.place * stride;
      Level next = move.place > 0 ? curve.level(t - stride) : new Level(1, 0);
      points.add(training.point(t, curve.level(t)));
      double eta = move.place > 0 ? settings.get(ETA) : 0;
      steps.add(Step.between(curve.level(t), next, eta, t, move.undone * stride));
    }
    Clip clip = settings.get(ClipOptions.CLIP) ? new Clip.Range(1) : new Clip.None();
    Solver solver = new Inpainting(curve, steps, clip);
    return new BoundSampler(points, PredictionType.EPSILON, 1, solver);
  }

  /**
   * A denoising step and the steps undone after it.
   *
   * @param place position of the step, counted from the clean end
   * @param undone number of steps undone afterwards
   */
  private record Move(int place, int undone) {}

  /** Returns the moves of Lugmayr et al. 2022, figure 9: steps are undone at intervals. */
  private static List<Move> moves(Settings settings, int count, Problems problems) {
    int length = settings.get(JUMP_LENGTH);
    int[] jumps = new int[count];
    for (int place = 0; place < count - length; place += length) {
      jumps[place] = settings.get(JUMP_SAMPLES) - 1;
    }
    List<Move> moves = new ArrayList<>();
    int place = count - 1;
    while (place >= 0 && moves.size() <= MOST_EVALUATIONS) {
      boolean jumping = jumps[place] > 0;
      moves.add(new Move(place, jumping ? length : 0));
      jumps[place]--;
      place += jumping ? length - 1 : -1;
    }
    if (moves.size() > MOST_EVALUATIONS) {
      problems.add("/jump_n_sample", "must give at most " + MOST_EVALUATIONS + " evaluations");
    }
    return moves;
  }

  /**
   * One denoising step.
   *
   * @param from level at its beginning
   * @param to level at its end
   * @param kept factor of the predicted noise
   * @param fresh factor of new noise in the unknown part
   * @param timestep timestep at its beginning, from which steps are undone afterwards
   * @param undone number of training timesteps undone afterwards
   */
  private record Step(Level from, Level to, double kept, double fresh, int timestep, int undone) {

    static Step between(Level from, Level to, double eta, int timestep, int undone) {
      double fresh = eta * Posterior.deviation(from, to);
      double kept = StrictMath.sqrt(Math.max(0, to.sigma() * to.sigma() - fresh * fresh));
      return new Step(from, to, kept, fresh, timestep, undone);
    }
  }

  private record Inpainting(NoiseCurve curve, List<Step> steps, Clip clip) implements Solver {

    private Inpainting {
      steps = List.copyOf(steps);
    }

    @Override
    public boolean readsKnown() {
      return true;
    }

    @Override
    public int draws(int k) {
      return 1 + steps.get(k).undone;
    }

    @Override
    public void accept(Trajectory trajectory, int k, float[] denoised) {
      Step step = steps.get(k);
      float[] x = trajectory.sample();
      double ofSample = step.kept / step.from.sigma();
      Elements.combine(x, ofSample, -ofSample * step.from.alpha(), denoised);
      clip.apply(denoised, trajectory.spare());
      Elements.add(x, step.to.alpha(), denoised);
      float[] noise = trajectory.draw();
      Elements.add(x, step.fresh, noise);
      blend(trajectory, noise, step.to);
      for (int i = 0; i < step.undone; i++) {
        double beta = curve.beta(step.timestep + i);
        Elements.combine(x, StrictMath.sqrt(1 - beta), StrictMath.sqrt(beta), trajectory.draw());
      }
    }

    private static void blend(Trajectory trajectory, float[] noise, Level to) {
      float[] x = trajectory.sample();
      float[] known = trajectory.known();
      float[] mask = trajectory.mask();
      float alpha = (float) to.alpha();
      float sigma = (float) to.sigma();
      for (int i = 0; i < x.length; i++) {
        float noised = alpha * known[i] + sigma * noise[i];
        x[i] = mask[i] * noised + (1 - mask[i]) * x[i];
      }
    }
  }
}
