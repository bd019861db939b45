package io.darkroom.app;

import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.ModelMemory;
import io.darkroom.plan.Limits;
import java.util.Set;

/** What the configuration says of an engine and of what requests may ask of it. */
final class EngineConfig {

  private EngineConfig() {}

  /** Bounds on an engine, a worker's as well as a command's. */
  static EngineLimits limits(DarkroomConfig config) {
    return new EngineLimits(
        config.engine().slots(), config.engine().ageing(), memory(config), imageBytes(config));
  }

  /** Bounds on one request. */
  static Limits requests(DarkroomConfig config) {
    DarkroomConfig.Limits limits = config.limits();
    return new Limits(
        limits.pixels(),
        limits.steps(),
        limits.images(),
        limits.work(),
        limits.deviceSeconds(),
        imageBytes(config));
  }

  /** What images may take of the heap. */
  static long imageBytes(DarkroomConfig config) {
    return config.memory().images().orElse(Runtime.getRuntime().maxMemory() / 2);
  }

  private static ModelMemory memory(DarkroomConfig config) {
    DarkroomConfig.Memory memory = config.memory();
    return new ModelMemory(memory.budget(), memory.pinned().orElse(Set.of()), memory.patience());
  }
}
