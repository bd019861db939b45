package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Option;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides how to treat keys of a request's scheduler that its sampler does not read.
 *
 * <p>A configuration written by diffusers contains {@code _diffusers_version} and is read as by
 * diffusers' {@code from_config}: keys of other schedulers are ignored, and values of other
 * schedulers are replaced as in diffusers. Otherwise all keys and values must belong to the named
 * scheduler.
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

  /** Returns whether the request may contain a key that is not an option of the sampler. */
  boolean allows(String key) {
    return OF_THE_LIBRARY.contains(key) || warning(key).isPresent();
  }

  /** Converts a value of an option; empty if it breaks the rule. */
  Optional<?> value(Option<?> option, Object raw) {
    return written ? option.packaged(raw) : option.requested(raw);
  }

  /**
   * Returns a warning for the publisher if a value belongs to another scheduler and is replaced.
   */
  Optional<String> replaced(String key, Object raw) {
    return family.options().stream()
        .filter(option -> option.key().equals(key) && option.requested(raw).isEmpty())
        .flatMap(option -> value(option, raw).stream())
        .map(value -> "/scheduler/" + key + ": " + raw + " is read as " + value)
        .map(text -> text + " by " + family.className())
        .findFirst();
  }

  /** Returns a warning for the publisher if a key has no effect. */
  Optional<String> warning(String key) {
    if (family.unread().contains(key) || key.equals(STANDARD_VALUES)) {
      return Optional.of("/scheduler/" + key + ": has no effect with " + family.className());
    }
    return written && !family.knows(key) && Samplers.knowKey(key)
        ? Optional.of(
            "/scheduler/" + key + ": is not known to " + family.className() + ", is ignored")
        : Optional.empty();
  }
}
