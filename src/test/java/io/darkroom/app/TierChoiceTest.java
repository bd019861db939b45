package io.darkroom.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.job.Tier;
import io.darkroom.onnx.CudaOptions;
import io.darkroom.onnx.Provider;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TierChoiceTest {
  private static final Provider GPU = CudaOptions.DEFAULT.provider();

  @Test
  void exactIsTheDefaultOnACpuOnly() {
    assertThat(TierChoice.of(Optional.empty(), Provider.CPU))
        .isEqualTo(new TierChoice(Tier.EXACT, "default of a CPU"));
    assertThat(TierChoice.of(Optional.empty(), GPU))
        .isEqualTo(
            new TierChoice(
                Tier.REPEATABLE,
                "default of a GPU; set darkroom.engine.tier=exact for exact results"));
  }

  @Test
  void theConfiguredTierAppliesToBothDevices() {
    for (Tier tier : Tier.values()) {
      TierChoice configured = new TierChoice(tier, "darkroom.engine.tier");
      assertThat(TierChoice.of(Optional.of(tier), Provider.CPU)).isEqualTo(configured);
      assertThat(TierChoice.of(Optional.of(tier), GPU)).isEqualTo(configured);
    }
  }

  @Test
  void theLogNamesTheTierAndTheReason() {
    LogLines log = new LogLines();
    try {
      assertThat(Configured.networks(config("auto", "")).tier()).isEqualTo(Tier.EXACT);
      assertThat(Configured.networks(config("cpu", "fast")).tier()).isEqualTo(Tier.FAST);

      assertThat(log.lines())
          .contains(
              "tier tier=exact provider=cpu reason=\"default of a CPU\"",
              "tier tier=fast provider=cpu reason=\"darkroom.engine.tier\"");
    } finally {
      log.close();
    }
  }

  private static DarkroomConfig config(String device, String tier) {
    return new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .withMapping(DarkroomConfig.class)
        .withDefaultValue("darkroom.device.provider", device)
        .withDefaultValue("darkroom.device.number", "99")
        .withDefaultValue("darkroom.engine.tier", tier)
        .build()
        .getConfigMapping(DarkroomConfig.class);
  }
}
