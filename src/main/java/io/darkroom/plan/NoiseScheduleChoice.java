package io.darkroom.plan;

import io.darkroom.diffusion.NoiseSchedule;
import io.darkroom.job.Violations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plans a request's {@code noise_schedule}: a list of betas, or a named beta schedule with its
 * range and length.
 */
final class NoiseScheduleChoice {

  private NoiseScheduleChoice() {}

  static Optional<NoiseSchedule> of(Map<String, Object> asked, Violations violations) {
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    Optional<NoiseSchedule> levels =
        asked.get("betas") instanceof List<?> betas ? betas(betas, violations) : named(asked);
    return levels.map(each -> aligned(each, asked));
  }

  private static NoiseSchedule aligned(NoiseSchedule levels, Map<String, Object> asked) {
    boolean amplitude = NoiseSchedule.Alignment.AMPLITUDE.toString().equals(asked.get("alignment"));
    NoiseSchedule.Alignment alignment =
        amplitude ? NoiseSchedule.Alignment.AMPLITUDE : NoiseSchedule.Alignment.LOG_SNR;
    boolean clamps = Boolean.TRUE.equals(asked.get("clamp_each_step"));
    return amplitude || clamps ? new NoiseSchedule.Aligned(levels, alignment, clamps) : levels;
  }

  private static Optional<NoiseSchedule> betas(List<?> betas, Violations violations) {
    List<Double> numbers = new ArrayList<>();
    for (Object beta : betas) {
      if (!(beta instanceof Number number)) {
        violations.add("/noise_schedule/betas", "must be numbers");
        return Optional.empty();
      }
      numbers.add(number.doubleValue());
    }
    return Optional.of(new NoiseSchedule.Betas(numbers));
  }

  private static Optional<NoiseSchedule> named(Map<String, Object> asked) {
    return Optional.of(
        new NoiseSchedule.Named(
            String.valueOf(asked.getOrDefault("beta_schedule", "linear")),
            number(asked, "beta_start", 1e-4),
            number(asked, "beta_end", 0.02),
            (int) number(asked, "steps", 1000)));
  }

  private static double number(Map<String, Object> asked, String key, double standard) {
    return asked.get(key) instanceof Number number ? number.doubleValue() : standard;
  }
}
