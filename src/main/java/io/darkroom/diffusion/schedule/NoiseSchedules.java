package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.NoiseSchedule;
import io.darkroom.diffusion.Problems;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Converts a request's noise schedule to a curve. */
public final class NoiseSchedules {
  private static final String POINTER = "/noise_schedule";

  private NoiseSchedules() {}

  /**
   * Returns the curve of a schedule. If it has none, adds a problem and returns a placeholder
   * curve.
   */
  static NoiseCurve curve(NoiseSchedule schedule, Problems problems) {
    NoiseCurve curve =
        schedule.levels() instanceof NoiseSchedule.Named named
            ? named(named, problems)
            : listed(((NoiseSchedule.Betas) schedule.levels()).betas(), problems);
    return checked(curve, POINTER, problems);
  }

  /**
   * Returns the curve. If a sampler cannot use it, adds a problem and returns a placeholder curve.
   */
  static NoiseCurve checked(NoiseCurve curve, String pointer, Problems problems) {
    Optional<String> flaw = curve.flaw();
    flaw.ifPresent(text -> problems.add(pointer, text));
    return flaw.isPresent() ? some() : curve;
  }

  /** Returns the curve of the betas, one or more. */
  public static NoiseCurve curve(List<Double> betas) {
    float[] values = new float[betas.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (double) betas.get(i);
    }
    return NoiseCurve.ofBetas(values);
  }

  private static NoiseCurve named(NoiseSchedule.Named named, Problems problems) {
    Optional<BetaSchedule> schedule =
        Arrays.stream(BetaSchedule.values())
            .filter(each -> each.toString().equals(named.betaSchedule()))
            .findFirst();
    if (schedule.isEmpty()) {
      String rule =
          Arrays.stream(BetaSchedule.values())
              .map(BetaSchedule::toString)
              .collect(Collectors.joining(", ", "one of ", ""));
      problems.mustBe(POINTER + "/beta_schedule", rule, named.betaSchedule());
    }
    boolean sound = schedule.isPresent();
    sound &= beta(named.betaStart(), "/beta_start", problems);
    sound &= beta(named.betaEnd(), "/beta_end", problems);
    if (named.steps() < 1 || named.steps() > Settings.MOST_STEPS) {
      problems.mustBe(POINTER + "/steps", "1 to " + Settings.MOST_STEPS, named.steps());
      sound = false;
    }
    return sound
        ? NoiseCurve.of(schedule.orElseThrow(), named.betaStart(), named.betaEnd(), named.steps())
        : some();
  }

  private static NoiseCurve listed(List<Double> betas, Problems problems) {
    if (betas.isEmpty() || betas.size() > Settings.MOST_STEPS) {
      String rule = "1 to " + Settings.MOST_STEPS + " values";
      problems.mustBe(POINTER + "/betas", rule, betas.size() + " values");
      return some();
    }
    boolean sound = true;
    for (int i = 0; i < betas.size(); i++) {
      sound &= beta(betas.get(i), "/betas/" + i, problems);
    }
    return sound ? curve(betas) : some();
  }

  private static boolean beta(double value, String pointer, Problems problems) {
    boolean sound = value > 0 && value < 1 && (float) value > 0 && (float) value < 1;
    if (!sound) {
      problems.mustBe(POINTER + pointer, "above 0 and below 1", value);
    }
    return sound;
  }

  private static NoiseCurve some() {
    return NoiseCurve.of(BetaSchedule.LINEAR, 0.0001, 0.02, 2);
  }
}
