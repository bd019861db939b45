package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.PredictionType;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.schedule.FinalSigma;
import io.darkroom.diffusion.schedule.LambdaSteps;
import io.darkroom.diffusion.schedule.Settings;
import java.util.Locale;

/**
 * The updates of DPM-Solver (Lu et al. 2022a) and DPM-Solver++ (Lu et al. 2022b) as factors: the
 * linear part is integrated exactly in half-log-SNR lambda, the rest by finite differences of the
 * network's last values. Shared by the multistep, singlestep and EDM variants.
 */
final class DpmSolver {

  static final Option<Integer> ORDER = Option.whole("solver_order", 2, 1, 3);
  static final Option<SolverType> TYPE =
      Option.choice("solver_type", SolverType.MIDPOINT, SolverType.values())
          .readingAs("logrho", SolverType.MIDPOINT)
          .readingAs("bh1", SolverType.MIDPOINT)
          .readingAs("bh2", SolverType.MIDPOINT);
  static final Option<Boolean> EULER_AT_FINAL = Option.flag("euler_at_final", false);

  private DpmSolver() {}

  /** The equation that is solved, named by the values of {@code algorithm_type}. */
  enum Algorithm {
    /**
     * The ODE, in terms of the noise. First order: {@code x_t = (alpha_t / alpha_s) x_s - sigma_t
     * (e^h - 1) eps} (Lu et al. 2022a, eq. 3.7).
     */
    DPMSOLVER("dpmsolver", false, true),
    /**
     * The ODE, in terms of the clean sample. First order: {@code x_t = (sigma_t / sigma_s) x_s -
     * alpha_t (e^-h - 1) x0} (Lu et al. 2022b, algorithms 1 and 2).
     */
    DPMSOLVER_PP("dpmsolver++", false, false),
    /**
     * The SDE, in terms of the noise. First order: {@code x_t = (alpha_t / alpha_s) x_s - 2 sigma_t
     * (e^h - 1) eps + sigma_t sqrt(e^2h - 1) z} (Lu et al. 2022b, section 5).
     */
    SDE_DPMSOLVER("sde-dpmsolver", true, true),
    /**
     * The SDE, in terms of the clean sample. First order: {@code x_t = (sigma_t / sigma_s) e^-h x_s
     * + alpha_t (1 - e^-2h) x0 + sigma_t sqrt(1 - e^-2h) z} (Lu et al. 2022b, section 5).
     */
    SDE_DPMSOLVER_PP("sde-dpmsolver++", true, false);

    private final String key;
    private final boolean noisy;
    private final boolean ofNoise;

    Algorithm(String key, boolean noisy, boolean ofNoise) {
      this.key = key;
      this.noisy = noisy;
      this.ofNoise = ofNoise;
    }

    /** Returns whether each step draws noise. */
    boolean noisy() {
      return noisy;
    }

    /** Returns whether the values are estimates of the noise, not of the clean sample. */
    boolean ofNoise() {
      return ofNoise;
    }

    /** Returns the values in which the steps are linear. */
    LinearMultistep.Values linearIn() {
      return ofNoise ? LinearMultistep.Values.NOISE : LinearMultistep.Values.DENOISED;
    }

    @Override
    public String toString() {
      return key;
    }
  }

  /**
   * Returns the web UI's name, e.g. {@code DPM++ 2M SDE Heun}; {@code letter} distinguishes
   * singlestep and multistep.
   */
  static String title(Settings settings, Algorithm algorithm, String letter) {
    return (algorithm.ofNoise ? "DPM-Solver " : "DPM++ ")
        + settings.get(ORDER)
        + letter
        + (algorithm.noisy ? " SDE" : "")
        + (settings.get(TYPE) == SolverType.HEUN ? " Heun" : "");
  }

  /** The second-order rule, named by the values of {@code solver_type}. */
  enum SolverType {
    /** The first difference has half the factor of the value. */
    MIDPOINT,
    /** The first difference has the exact factor of a linear value. */
    HEUN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Adds problems if the other options exclude the equation. */
  static void check(Algorithm algorithm, Settings settings, Problems problems) {
    if (!algorithm.ofNoise()) {
      return;
    }
    if (settings.get(FinalSigma.OPTION) == FinalSigma.ZERO) {
      problems.add(
          "/scheduler/final_sigmas_type", "must be sigma_min with algorithm_type " + algorithm);
    }
    if (settings.get(LambdaSteps.PREDICTION) == PredictionType.FLOW_PREDICTION) {
      problems.add(
          "/scheduler/prediction_type",
          "cannot be flow_prediction with algorithm_type " + algorithm);
    }
  }

  /**
   * Returns the order of multistep {@code i} of {@code all}; step {@code first} has no earlier
   * values.
   */
  static int order(Settings settings, int i, int first, int all) {
    boolean toZero = settings.get(FinalSigma.OPTION) == FinalSigma.ZERO;
    if (i == all - 1 && (toZero || settings.get(EULER_AT_FINAL))) {
      return 1;
    }
    boolean falling = MultistepOrder.lowersAtEnd(settings, all);
    return MultistepOrder.at(i, first, all, settings.get(ORDER), falling);
  }

  /**
   * Returns the step to a level from the newest of one to three levels whose values are known.
   *
   * @param to level at which the step ends
   * @param from the levels of the values, the newest first
   */
  static LinearStep step(Algorithm algorithm, SolverType type, Level to, Level... from) {
    double h = to.lambda() - from[0].lambda();
    if (h == 0) {
      return finish(algorithm, LinearStep.of(1, 0), 0);
    }
    Factors factors =
        Factors.of(algorithm, from.length < 3 ? type : SolverType.HEUN, h, from[0], to);
    double[] values =
        switch (from.length) {
          case 1 -> new double[] {factors.of0};
          case 2 -> second(factors, ratio(from[0], from[1], h));
          default -> third(factors, ratio(from[0], from[1], h), ratio(from[1], from[2], h));
        };
    return finish(algorithm, LinearStep.of(factors.ofSample, values), factors.ofNoise);
  }

  /**
   * Returns the step to a level from the sample at the oldest of one to three levels, whose values
   * are known.
   *
   * @param to level at which the step ends
   * @param from the levels of the values, the newest first; the step begins at the last
   */
  static LinearStep singleStep(Algorithm algorithm, SolverType type, Level to, Level... from) {
    Level first = from[from.length - 1];
    double h = to.lambda() - first.lambda();
    if (h == 0) {
      return finish(algorithm, LinearStep.of(1, 0), 0);
    }
    Factors factors = Factors.of(algorithm, from.length < 3 ? type : SolverType.HEUN, h, first, to);
    double[] values =
        switch (from.length) {
          case 1 -> new double[] {factors.of0};
          case 2 -> singleSecond(factors, ratio(from[0], first, h));
          default -> singleThird(factors, type, ratio(from[0], first, h), ratio(from[1], first, h));
        };
    return finish(algorithm, LinearStep.of(factors.ofSample, values), factors.ofNoise);
  }

  private static LinearStep finish(Algorithm algorithm, LinearStep step, double noise) {
    return algorithm.noisy ? step.withNoise(noise) : step;
  }

  /** Returns the first difference; the step starts from the sample at the older of two values. */
  private static double[] singleSecond(Factors f, double r0) {
    return new double[] {f.of1 / r0, f.of0 - f.of1 / r0};
  }

  /**
   * Returns the differences of Lu et al. 2022a, algorithm 5; type HEUN also uses the second
   * difference.
   */
  private static double[] singleThird(Factors f, SolverType type, double r0, double r1) {
    boolean heun = type == SolverType.HEUN;
    double newest = heun ? (2 * f.of2 - f.of1 * r1) / (r0 - r1) / r0 : f.of1 / r0;
    double middle = heun ? (f.of1 * r0 - 2 * f.of2) / (r0 - r1) / r1 : 0;
    return new double[] {newest, middle, f.of0 - newest - middle};
  }

  /** Returns the distance of two levels in lambda, in steps of {@code h}. */
  private static double ratio(Level newer, Level older, double h) {
    return (newer.lambda() - older.lambda()) / h;
  }

  /** Returns the first difference from two values: {@code D1 = (m0 - m1) / r0}. */
  private static double[] second(Factors f, double r0) {
    return new double[] {f.of0 + f.of1 / r0, -f.of1 / r0};
  }

  /** Returns the first and second difference from three values (Lu et al. 2022a, appendix B.5). */
  private static double[] third(Factors f, double r0, double r1) {
    double shared = (f.of1 * r0 + f.of2) / (r0 + r1);
    double newer = (f.of1 + shared) / r0;
    double older = -shared / r1;
    return new double[] {f.of0 + newer, older - newer, -older};
  }

  /**
   * One step as {@code x_t = ofSample x_s + of0 D0 + of1 D1 + of2 D2 + ofNoise z}: D0 is the value,
   * D1 and D2 are its first and second difference in lambda, in units of the step {@code h =
   * lambda_t - lambda_s}, and z is standard normal.
   */
  private record Factors(double ofSample, double of0, double of1, double of2, double ofNoise) {

    static Factors of(Algorithm algorithm, SolverType type, double h, Level from, Level to) {
      boolean midpoint = type == SolverType.MIDPOINT;
      double alpha = to.alpha();
      double sigma = to.sigma();
      double kept = algorithm.ofNoise ? alpha / from.alpha() : sigma / from.sigma();
      switch (algorithm) {
        case DPMSOLVER -> {
          double grown = StrictMath.expm1(h);
          double of1 = midpoint ? grown / 2 : grown / h - 1;
          double of2 = (grown - h) / (h * h) - 0.5;
          return new Factors(kept, -sigma * grown, -sigma * of1, -sigma * of2, 0);
        }
        case DPMSOLVER_PP -> {
          double shrunk = StrictMath.expm1(-h);
          double of1 = midpoint ? -shrunk / 2 : shrunk / h + 1;
          double of2 = (shrunk + h) / (h * h) - 0.5;
          return new Factors(kept, -alpha * shrunk, alpha * of1, -alpha * of2, 0);
        }
        case SDE_DPMSOLVER -> {
          double grown = StrictMath.expm1(h);
          double of1 = midpoint ? grown : 2 * (grown / h - 1);
          double noise = sigma * StrictMath.sqrt(StrictMath.expm1(2 * h));
          return new Factors(kept, -2 * sigma * grown, -sigma * of1, 0, noise);
        }
        default -> {
          double taken = -StrictMath.expm1(-2 * h);
          double of1 = midpoint ? taken / 2 : taken / (-2 * h) + 1;
          double of2 = (taken - 2 * h) / (4 * h * h) - 0.5;
          double noise = sigma * StrictMath.sqrt(taken);
          double ofSample = kept * StrictMath.exp(-h);
          return new Factors(ofSample, alpha * taken, alpha * of1, alpha * of2, noise);
        }
      }
    }
  }
}
