package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Problems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The options that say along which curve a network was trained, with one scheduler's defaults. */
public final class TrainingOptions {
  private static final int LONGEST = 10_000;
  private static final double LEAST_BETA = 1e-7;
  private static final double MOST_BETA = 0.9999;
  private static final Option<Integer> STEPS =
      Option.whole("num_train_timesteps", 1000, 1, LONGEST);
  private static final Option<List<Double>> BETAS =
      Option.numbers("trained_betas", LONGEST, LEAST_BETA, 1);
  private static final Option<Boolean> RESCALE = Option.flag("rescale_betas_zero_snr", false);

  private final Option<Double> start;
  private final Option<Double> end;
  private final Option<BetaSchedule> schedule;
  private final boolean rescalable;

  private TrainingOptions(
      Option<Double> start, Option<Double> end, Option<BetaSchedule> schedule, boolean rescalable) {
    this.start = start;
    this.end = end;
    this.schedule = schedule;
    this.rescalable = rescalable;
  }

  /** Betas from 0.0001 to 0.02 on the first of the schedules; zero-SNR rescaling is offered. */
  public static TrainingOptions of(BetaSchedule... schedules) {
    return new TrainingOptions(
        Option.number("beta_start", 0.0001, LEAST_BETA, MOST_BETA),
        Option.number("beta_end", 0.02, LEAST_BETA, MOST_BETA),
        Option.choice("beta_schedule", schedules[0], schedules),
        true);
  }

  /** The same with another standard range. */
  public TrainingOptions range(double from, double to) {
    return new TrainingOptions(start.standing(from), end.standing(to), schedule, rescalable);
  }

  /** The same without zero-SNR rescaling. */
  public TrainingOptions notRescalable() {
    return new TrainingOptions(start, end, schedule, false);
  }

  /** These options and a scheduler's others. */
  public List<Option<?>> and(Option<?>... others) {
    List<Option<?>> all = new ArrayList<>(List.of(STEPS, start, end, schedule, BETAS));
    if (rescalable) {
      all.add(RESCALE);
    }
    all.addAll(Arrays.asList(others));
    return List.copyOf(all);
  }

  /** Whether the curve is rescaled to end with no signal at all. */
  boolean rescaled(Settings settings) {
    return settings.get(RESCALE);
  }

  /** The name of the training's schedule. */
  BetaSchedule schedule(Settings settings) {
    return settings.get(schedule);
  }

  /** The curve that the settings describe; where that is wrong, a problem and some curve. */
  public Training read(Settings settings, Problems problems) {
    String pointer = "/scheduler/" + schedule.key();
    NoiseCurve plain = NoiseSchedules.sound(trained(settings, problems), pointer, problems);
    NoiseCurve trained = rescaled(settings) ? plain.rescaledToZeroSnr() : plain;
    Optional<NoiseCurve> visited =
        settings.noiseSchedule().map(schedule -> NoiseSchedules.curve(schedule, problems));
    return new Training(trained, visited, settings.fractionalTimesteps());
  }

  private NoiseCurve trained(Settings settings, Problems problems) {
    int steps = settings.get(STEPS);
    if (rescaled(settings) && steps < 2) {
      problems.mustBe("/scheduler/" + STEPS.key(), "2 or more to be rescaled", steps);
    }
    List<Double> betas = settings.get(BETAS);
    if (betas.isEmpty()) {
      return NoiseCurve.of(settings.get(schedule), settings.get(start), settings.get(end), steps);
    }
    if (betas.size() != steps) {
      String rule = "as many as num_train_timesteps, " + steps;
      problems.mustBe("/scheduler/" + BETAS.key(), rule, betas.size());
    }
    return NoiseSchedules.curve(betas);
  }
}
