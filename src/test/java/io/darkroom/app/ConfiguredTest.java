package io.darkroom.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.ModelMemory;
import io.darkroom.onnx.CudaOptions;
import io.darkroom.onnx.Lanes;
import io.darkroom.onnx.Provider;
import io.darkroom.plan.Limits;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfiguredTest {
  private static DarkroomConfig config(Map<String, String> values) {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(DarkroomConfig.class);
    values.forEach(builder::withDefaultValue);
    return builder.build().getConfigMapping(DarkroomConfig.class);
  }

  @Test
  void anEngineObeysTheConfiguredMemory() {
    DarkroomConfig config =
        config(
            Map.of(
                "darkroom.engine.slots", "3",
                "darkroom.engine.ageing", "PT5S",
                "darkroom.memory.images", "1000000",
                "darkroom.memory.budget", "2000000",
                "darkroom.memory.pinned", "one,two",
                "darkroom.memory.overtake-limit", "PT7S"));
    ModelMemory memory =
        new ModelMemory(OptionalLong.of(2_000_000), Set.of("one", "two"), Duration.ofSeconds(7));
    assertThat(Configured.engineLimits(config))
        .isEqualTo(new EngineLimits(3, Duration.ofSeconds(5), memory, 1_000_000));
  }

  @Test
  void aRequestObeysTheHeapLimitForImages() {
    DarkroomConfig config = config(Map.of("darkroom.memory.images", "1000000"));
    assertThat(Configured.requestLimits(config))
        .isEqualTo(
            new Limits(
                4_194_304, 1000, 64, 20_000_000_000L, 900, 1_000_000, 4_194_304, 256, 16_777_216));
  }

  @Test
  void halfOfTheHeapIsForImagesByDefault() {
    assertThat(Configured.imageBytes(config(Map.of())))
        .isEqualTo(Runtime.getRuntime().maxMemory() / 2);
  }

  @Test
  void aCpuUsesTheConfiguredLanesAndAGpuOne() {
    DarkroomConfig.Engine engine = config(Map.of("darkroom.engine.lanes", "3")).engine();
    assertThat(laneCount(engine, Provider.CPU, 8)).isEqualTo(3);
    assertThat(laneCount(engine, CudaOptions.DEFAULT.provider(), 8)).isEqualTo(1);
  }

  @Test
  void byDefaultThereAreAtMostAsManyLanesAsRows() {
    DarkroomConfig.Engine engine = config(Map.of()).engine();
    assertThat(laneCount(engine, Provider.CPU, 1)).isEqualTo(1);
    assertThat(laneCount(engine, Provider.CPU, 256))
        .isBetween(1, Runtime.getRuntime().availableProcessors());
  }

  private static int laneCount(DarkroomConfig.Engine engine, Provider provider, int rows) {
    try (Lanes lanes = Configured.lanes(engine, provider, 1, rows)) {
      return lanes.count();
    }
  }
}
