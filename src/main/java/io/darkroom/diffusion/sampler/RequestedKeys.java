package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Option;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of the keys of a request's scheduler that its sampler does not read.
 *
 * <p>A configuration that diffusers wrote says {@code _diffusers_version}. It is read as diffusers'
 * {@code from_config} reads it: keys of other schedulers are ignored, and values of other
 * schedulers mean what diffusers takes instead. Without that word keys and values must be the named
 * scheduler's own.
 *
 * @param family the sampler
 * @param written whether diffusers wrote the configuration
 */
record RequestedKeys(SamplerFamily family, boolean written) {
  private static final String VERSION = "_diffusers_version";
  private static final String STANDARD_VALUES = "_use_default_values";
  private static final Set<String> OF_THE_LIBRARY = Set.of("_class_name", VERSION, STANDARD_VALUES);

  static RequestedKeys of(SamplerFamily family, Map<String, Object> requested) {
    return new RequestedKeys(family, requested.containsKey(VERSION));
  }

  /** Whether a key that is no option of the sampler may stand in the request. */
  boolean allows(String key) {
    return OF_THE_LIBRARY.contains(key) || warning(key).isPresent();
  }

  /** What a value means for an option; empty where it breaks the rule. */
  Optional<?> value(Option<?> option, Object raw) {
    return written ? option.packaged(raw) : option.requested(raw);
  }

  /** What the publisher should know of a value that is another scheduler's. */
  Optional<String> replaced(String key, Object raw) {
    return family.options().stream()
        .filter(option -> option.key().equals(key) && option.requested(raw).isEmpty())
        .flatMap(option -> value(option, raw).stream())
        .map(value -> "scheduler." + key + ": " + raw + " is read as " + value)
        .map(text -> text + " by " + family.className())
        .findFirst();
  }

  /** What the publisher should know of a key that has no effect. */
  Optional<String> warning(String key) {
    if (family.unread().contains(key) || key.equals(STANDARD_VALUES)) {
      return Optional.of("scheduler." + key + ": has no effect with " + family.className());
    }
    return written && !family.knows(key) && Samplers.knowKey(key)
        ? Optional.of(
            "scheduler." + key + ": is not known to " + family.className() + ", is ignored")
        : Optional.empty();
  }
}
