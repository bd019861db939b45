package io.darkroom.diffusion.schedule;

import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.Problems;
import io.darkroom.diffusion.Steps;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * The options that space sigmas by a formula instead of by timesteps (at most one may be on), and
 * the options for the ends.
 */
public final class SigmaOptions {
  public static final Option<Boolean> KARRAS = Option.flag("use_karras_sigmas", false);
  public static final Option<Boolean> EXPONENTIAL = Option.flag("use_exponential_sigmas", false);
  public static final Option<Boolean> BETA = Option.flag("use_beta_sigmas", false);
  public static final Option<Boolean> LU = Option.flag("use_lu_lambdas", false);
  public static final Option<OptionalDouble> LEAST = Option.maybeNumber("sigma_min", 1e-6, 1e6);
  public static final Option<OptionalDouble> MOST = Option.maybeNumber("sigma_max", 1e-6, 1e6);

  private SigmaOptions() {}

  /**
   * Returns the spacing that is on. Adds a problem if several are on or if the request also lists
   * timesteps.
   */
  public static Optional<SigmaSpacing> read(Settings settings, Problems problems) {
    Map<Option<Boolean>, SigmaSpacing> on = new LinkedHashMap<>();
    on.put(KARRAS, SigmaSpacing.KARRAS);
    on.put(EXPONENTIAL, SigmaSpacing.EXPONENTIAL);
    on.put(BETA, SigmaSpacing.BETA);
    on.put(LU, SigmaSpacing.LU);
    on.keySet().removeIf(option -> !settings.get(option));
    if (on.size() > 1) {
      String all = on.keySet().stream().map(Option::key).collect(Collectors.joining(", "));
      problems.add("/scheduler", "must have at most one of these set to true: " + all);
    }
    if (!on.isEmpty() && settings.steps() instanceof Steps.Timesteps) {
      String key = on.keySet().iterator().next().key();
      problems.add("/timesteps", "cannot be given if " + key + " is on");
    }
    return on.values().stream().findFirst();
  }

  /**
   * Returns sigmas spaced by the formula between the ends of the options, or between the given ends
   * if the options set none.
   */
  public static double[] between(
      Settings settings, SigmaSpacing formula, double most, double least, int steps) {
    return formula.between(
        settings.get(MOST).orElse(most), settings.get(LEAST).orElse(least), steps);
  }
}
