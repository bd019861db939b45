package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.schedule.Settings;
import io.darkroom.diffusion.schedule.SigmaOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The names of a sampler in Automatic1111's web UI, which picture tools of this field read.
 *
 * @param sampler e.g. {@code DPM++ 2M}; the class name without its suffix if the web UI has no such
 *     sampler
 * @param scheduleType spacing of the noise levels, e.g. {@code Karras}; empty if they follow the
 *     timesteps
 */
public record SamplerTitle(String sampler, Optional<String> scheduleType) {
  private static final Map<Option<Boolean>, String> TYPES = new LinkedHashMap<>();

  static {
    TYPES.put(SigmaOptions.KARRAS, "Karras");
    TYPES.put(SigmaOptions.EXPONENTIAL, "Exponential");
    TYPES.put(SigmaOptions.BETA, "Beta");
    TYPES.put(SigmaOptions.LU, "Lu");
  }

  static SamplerTitle of(SamplerFamily family, Settings settings) {
    Optional<String> type =
        TYPES.entrySet().stream()
            .filter(entry -> settings.get(entry.getKey()))
            .map(Map.Entry::getValue)
            .findFirst();
    return new SamplerTitle(family.title(settings), type);
  }
}
