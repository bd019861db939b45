package io.darkroom.diffusion;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler as described by diffusers' {@code scheduler_config.json}, and the changes that a
 * request makes to it. Values have the Java types of JSON: String, Boolean, Number, List, Map. Keys
 * with the value null are left out.
 *
 * @param packaged the package's configuration, including {@code _class_name}; keys that the
 *     scheduler does not know are ignored, as {@code from_config} does
 * @param requested the request's overrides; {@code _class_name} (a diffusers class name or an alias
 *     such as {@code euler_a}) selects another scheduler. A key that the scheduler does not know is
 *     a violation, unless {@code _diffusers_version} shows that diffusers wrote the configuration
 *     and another scheduler knows the key
 */
public record SchedulerConfig(Map<String, Object> packaged, Map<String, Object> requested) {

  public SchedulerConfig {
    packaged = Map.copyOf(packaged);
    requested = Map.copyOf(requested);
  }

  /** Returns the diffusers class name or alias of the scheduler. */
  public String className() {
    return String.valueOf(raw("_class_name"));
  }

  /**
   * Returns the value of an option of any scheduler; its default if the value is missing or
   * invalid.
   */
  public <T> T value(Option<T> option) {
    Object raw = raw(option.key());
    return raw == null ? option.standard() : option.packaged(raw).orElse(option.standard());
  }

  private @Nullable Object raw(String key) {
    Object asked = requested.get(key);
    return asked == null ? packaged.get(key) : asked;
  }
}
