package io.darkroom.plan;

import io.darkroom.diffusion.NoiseSchedule;
import io.darkroom.job.Violations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request's {@code noise_schedule}: betas one by one, or a named curve with range and length. */
final class NoiseScheduleChoice {

  private NoiseScheduleChoice() {}

  static Optional<NoiseSchedule> of(Map<String, Object> asked, Violations violations) {
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    return asked.get("betas") instanceof List<?> betas ? betas(betas, violations) : named(asked);
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
