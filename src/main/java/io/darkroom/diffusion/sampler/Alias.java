package io.darkroom.diffusion.sampler;

import java.util.Map;

/**
 * A short name of a scheduler.
 *
 * @param name e.g. {@code dpmpp_2m_sde}
 * @param presets options that the name says, above the package's and below the request's
 */
public record Alias(String name, Map<String, Object> presets) {

  public Alias {
    presets = Map.copyOf(presets);
  }

  /** A name that says nothing but the scheduler. */
  public static Alias of(String name) {
    return new Alias(name, Map.of());
  }
}
