package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.Steps;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The steps of rectified-flow samplers: times from 1 (noise) to 0, shifted towards the noisy end
 * (Esser et al. 2024, eq. 23) by a fixed amount or by the image's size. The network receives the
 * time in units of the training's timesteps.
 */
public final class FlowSteps {
  public static final Option<Integer> TRAINED =
      Option.whole("num_train_timesteps", 1000, 1, 10_000);
  public static final Option<Double> SHIFT = Option.number("shift", 1, 1e-3, 1e3);
  public static final Option<Boolean> DYNAMIC = Option.flag("use_dynamic_shifting", false);
  public static final Option<ShiftType> SHIFT_TYPE =
      Option.choice("time_shift_type", ShiftType.EXPONENTIAL, ShiftType.values());
  public static final Option<OptionalDouble> TERMINAL =
      Option.maybeNumber("shift_terminal", 1e-6, 0.999);
  public static final Option<OptionalDouble> MU = Option.maybeNumber("mu", -10, 10);

  /** Minimum distance of a time from 1 when its half-log-SNR is computed. */
  private static final double LEAST_SIGNAL = 1e-6;

  private FlowSteps() {}

  /**
   * Returns evenly spaced times with the fixed shift applied twice: to the training's range and to
   * the times.
   */
  public static double[] even(Settings settings, int count) {
    boolean fixed = !settings.get(DYNAMIC);
    double shift = fixed ? settings.get(SHIFT) : 1;
    double most = shifted(1, shift);
    double least = shifted(1.0 / settings.get(TRAINED), shift);
    double[] out = new double[count];
    for (int i = 0; i < count; i++) {
      out[i] = count == 1 ? most : most + i * (least - most) / (count - 1);
    }
    return out;
  }

  /** Returns the times after the shift of the settings. */
  public static double[] shifted(
      Settings settings, Option<Double> fixed, double[] times, Problems problems) {
    double shift = shift(settings, fixed, problems);
    double[] out = Arrays.stream(times).map(time -> shifted(time, shift)).toArray();
    OptionalDouble terminal = settings.get(TERMINAL);
    return terminal.isPresent() ? stretched(out, terminal.getAsDouble(), problems) : out;
  }

  /** Returns the steps of a solver that integrates in half-log-SNR. */
  public static LambdaSteps forLambdas(Settings settings, Problems problems) {
    Training training = LambdaSteps.TRAINING.read(settings, problems);
    Optional<SigmaSpacing> formula = SigmaOptions.read(settings, problems);
    double[] sigmas;
    if (formula.isEmpty()) {
      double[] times = times(settings, training, problems);
      sigmas = shifted(settings, LambdaSteps.FLOW_SHIFT, times, problems);
      if (1 - sigmas[0] < LEAST_SIGNAL) {
        sigmas[0] = 1 - LEAST_SIGNAL;
      }
    } else {
      if (formula.get() != SigmaSpacing.KARRAS) {
        problems.add("/scheduler/use_flow_sigmas", "cannot be on with this spacing of sigmas");
      }
      sigmas = ratios(settings, training.curve(), settings.count(problems));
    }
    double[] timesteps =
        Arrays.stream(sigmas).map(s -> StrictMath.floor(s * training.steps())).toArray();
    boolean toZero = settings.get(FinalSigma.OPTION) == FinalSigma.ZERO;
    SigmaSchedule schedule =
        SigmaSchedule.ending(timesteps, sigmas, toZero ? 0 : sigmas[sigmas.length - 1]);
    return LambdaSteps.of(settings, training, schedule, Scaling.FLOW, problems);
  }

  private static double[] times(Settings settings, Training training, Problems problems) {
    if (settings.steps() instanceof Steps.Sigmas listed) {
      return listed(listed, problems);
    }
    int count = settings.count(problems);
    double[] out = new double[count];
    double step = (1.0 / training.steps() - 1) / count;
    for (int i = 0; i < count; i++) {
      out[i] = 1 + i * step;
    }
    return out;
  }

  /** Returns the times that the request lists. */
  public static double[] listed(Steps.Sigmas listed, Problems problems) {
    double[] out = listed.beginnings();
    if (out[0] > 1) {
      problems.mustBe("/sigmas/0", "at most 1", out[0]);
    }
    return out;
  }

  private static double[] ratios(Settings settings, NoiseCurve curve, int count) {
    double most = curve.sigma(curve.steps() - 1);
    double least = curve.sigma(0);
    double[] ratios = SigmaOptions.between(settings, SigmaSpacing.KARRAS, most, least, count);
    return Arrays.stream(ratios).map(ratio -> ratio / (ratio + 1)).toArray();
  }

  private static double shift(Settings settings, Option<Double> fixed, Problems problems) {
    OptionalDouble mu = settings.get(MU);
    if (!settings.get(DYNAMIC)) {
      if (mu.isPresent()) {
        problems.add("/mu", "needs use_dynamic_shifting");
      }
      return settings.get(fixed);
    }
    if (mu.isEmpty()) {
      problems.add(
          "/mu",
          "must be given with use_dynamic_shifting if the image's size is not known, or if"
              + " max_image_seq_len is not above base_image_seq_len");
    }
    double shift = settings.get(SHIFT_TYPE).shift(mu.orElse(1));
    if (!(shift > 0)) {
      problems.mustBe("/mu", "above 0 with time_shift_type linear", mu.orElse(1));
    }
    return shift;
  }

  /**
   * Returns the shifted time. For time 1 the result is exactly 1, which rounding must not exceed.
   */
  private static double shifted(double time, double shift) {
    return Math.min(1, shift * time / (1 + (shift - 1) * time));
  }

  /** Stretches the times away from 1 so that the last one is {@code terminal}. */
  private static double[] stretched(double[] times, double terminal, Problems problems) {
    double last = 1 - times[times.length - 1];
    if (!(last > 0)) {
      problems.add("/scheduler/shift_terminal", "needs a last time below 1");
      return times;
    }
    return Arrays.stream(times).map(t -> 1 - (1 - t) * (1 - terminal) / last).toArray();
  }
}
