package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.schedule.Settings;
import java.util.List;

/**
 * One diffusers scheduler class: its names, its options, and how it becomes a sampler. Found by
 * {@link java.util.ServiceLoader}: an implementation is one file with {@code @AutoService}, nothing
 * else lists it.
 */
public interface SamplerFamily {

  /** The class name in {@code scheduler_config.json}. */
  String className();

  /** Short names of the class, alone or together with options. */
  List<Alias> aliases();

  /** The keys of {@code scheduler_config.json} that the class knows. */
  List<Option<?>> options();

  /**
   * Keys of the diffusers class that change nothing here, whether {@link #options} has them or not;
   * a request that sets one is warned.
   */
  default List<String> unread() {
    return List.of();
  }

  /** Whether the diffusers class has the key. */
  default boolean knows(String key) {
    return unread().contains(key) || options().stream().anyMatch(each -> each.key().equals(key));
  }

  /** Further arguments of the call, beside the steps. */
  default List<Option<?>> arguments() {
    return List.of();
  }

  /** What Automatic1111's web UI calls the sampler, e.g. {@code Euler a}. */
  default String title(Settings settings) {
    return className().replaceFirst("Scheduler$", "");
  }

  /**
   * The sampler that the settings describe.
   *
   * @throws InvalidSampling where the steps cannot be visited or options contradict one another
   */
  Sampler bind(Settings settings) throws InvalidSampling;
}
