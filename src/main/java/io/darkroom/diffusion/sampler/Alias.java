package io.darkroom.diffusion.sampler;

import java.util.Map;

/**
 * A short name of a scheduler.
 *
 * @param name e.g. {@code dpmpp_2m_sde}
 * @param presets options that the name sets; they override the package's and the request's override
 *     them
 */
public record Alias(String name, Map<String, Object> presets) {

  public Alias {
    presets = Map.copyOf(presets);
  }

  /** Creates a name without presets. */
  public static Alias of(String name) {
    return new Alias(name, Map.of());
  }
}
