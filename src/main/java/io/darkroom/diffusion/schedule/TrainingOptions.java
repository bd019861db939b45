package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.NoiseSchedule;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Problems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The options that describe the curve of the training, with one scheduler's defaults. */
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

  /**
   * Creates options with betas from 0.0001 to 0.02 on the first of the schedules, and with zero-SNR
   * rescaling available.
   */
  public static TrainingOptions of(BetaSchedule... schedules) {
    return new TrainingOptions(
        Option.number("beta_start", 0.0001, LEAST_BETA, MOST_BETA),
        Option.number("beta_end", 0.02, LEAST_BETA, MOST_BETA),
        Option.choice("beta_schedule", schedules[0], schedules),
        true);
  }

  /** Returns a copy with another default range. */
  public TrainingOptions range(double from, double to) {
    return new TrainingOptions(start.withDefault(from), end.withDefault(to), schedule, rescalable);
  }

  /** Returns a copy without zero-SNR rescaling. */
  public TrainingOptions notRescalable() {
    return new TrainingOptions(start, end, schedule, false);
  }

  /** Returns these options followed by a scheduler's others. */
  public List<Option<?>> and(Option<?>... others) {
    List<Option<?>> all = new ArrayList<>(List.of(STEPS, start, end, schedule, BETAS));
    if (rescalable) {
      all.add(RESCALE);
    }
    all.addAll(Arrays.asList(others));
    return List.copyOf(all);
  }

  /** Returns whether the curve is rescaled so that no signal remains at its end. */
  boolean rescaled(Settings settings) {
    return settings.get(RESCALE);
  }

  /** Returns the beta schedule of the training. */
  BetaSchedule schedule(Settings settings) {
    return settings.get(schedule);
  }

  /**
   * Returns the curve that the settings describe. If they are invalid, adds a problem and returns a
   * placeholder curve.
   */
  public Training read(Settings settings, Problems problems) {
    String pointer = "/scheduler/" + schedule.key();
    NoiseCurve plain = NoiseSchedules.checked(trained(settings, problems), pointer, problems);
    NoiseCurve trained = rescaled(settings) ? plain.rescaledToZeroSnr() : plain;
    Optional<NoiseCurve> visited =
        settings.noiseSchedule().map(schedule -> NoiseSchedules.curve(schedule, problems));
    NoiseSchedule.Alignment alignment =
        settings
            .noiseSchedule()
            .map(NoiseSchedule::alignment)
            .orElse(NoiseSchedule.Alignment.LOG_SNR);
    return new Training(trained, visited, alignment, settings.fractionalTimesteps());
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
