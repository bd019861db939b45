package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.schedule.Settings;
import java.util.List;

/**
 * One diffusers scheduler class: its names, its options, and how to make a sampler of it. Found by
 * {@link java.util.ServiceLoader}: to add an implementation, add one file with
 * {@code @AutoService}.
 */
public interface SamplerFamily {

  /** Returns the class name in {@code scheduler_config.json}. */
  String className();

  /** Returns short names of the class, alone or with options. */
  List<Alias> aliases();

  /** Returns the keys of {@code scheduler_config.json} that the class reads. */
  List<Option<?>> options();

  /**
   * Returns keys of the diffusers class that have no effect here, whether or not {@link #options}
   * contains them. A request that sets one gets a warning.
   */
  default List<String> unread() {
    return List.of();
  }

  /** Returns whether the diffusers class has the key. */
  default boolean knows(String key) {
    return unread().contains(key) || options().stream().anyMatch(each -> each.key().equals(key));
  }

  /** Returns further arguments of the call besides the steps. */
  default List<Option<?>> arguments() {
    return List.of();
  }

  /** Returns the name of the sampler in Automatic1111's web UI, e.g. {@code Euler a}. */
  default String title(Settings settings) {
    return className().replaceFirst("Scheduler$", "");
  }

  /**
   * Returns the sampler that the settings describe.
   *
   * @throws InvalidSampling if the steps cannot be run or options contradict one another
   */
  Sampler bind(Settings settings) throws InvalidSampling;
}
