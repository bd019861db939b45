package io.darkroom.diffusion;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler as diffusers' {@code scheduler_config.json} describes it, and what a request changes
 * in it. Values are as JSON has them: String, Boolean, Number, List, Map. Keys with the value null
 * are left out.
 *
 * @param packaged the package's own configuration, {@code _class_name} included; keys that the
 *     chosen scheduler does not know are ignored, as {@code from_config} does
 * @param requested the request's overrides, {@code _class_name} (a diffusers class name or a short
 *     alias such as {@code euler_a}) included where it names another scheduler; a key that the
 *     chosen scheduler does not know is a violation, unless {@code _diffusers_version} says that
 *     diffusers wrote the configuration and another scheduler knows the key
 */
public record SchedulerConfig(Map<String, Object> packaged, Map<String, Object> requested) {

  public SchedulerConfig {
    packaged = Map.copyOf(packaged);
    requested = Map.copyOf(requested);
  }

  /** Diffusers class name or alias of the chosen scheduler. */
  public String className() {
    return String.valueOf(raw("_class_name"));
  }

  /** The value of an option, whichever scheduler's; its standard where none is given rightly. */
  public <T> T value(Option<T> option) {
    Object raw = raw(option.key());
    return raw == null ? option.standard() : option.packaged(raw).orElse(option.standard());
  }

  private @Nullable Object raw(String key) {
    Object asked = requested.get(key);
    return asked == null ? packaged.get(key) : asked;
  }
}
