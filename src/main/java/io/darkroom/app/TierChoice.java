package io.darkroom.app;

import io.darkroom.job.Tier;
import io.darkroom.onnx.Provider;
import java.util.Optional;

/**
 * What a worker promises of pictures, and who said so.
 *
 * @param reason for a log line
 */
public record TierChoice(Tier tier, String reason) {

  /**
   * What is configured; else all that can be promised on a processor, and on a GPU, whose kernels
   * may change with the number of rows, that exactness has to be asked for and then proven.
   */
  public static TierChoice of(Optional<Tier> configured, Provider provider) {
    return configured
        .map(tier -> new TierChoice(tier, "darkroom.engine.tier"))
        .orElseGet(() -> unasked(provider));
  }

  private static TierChoice unasked(Provider provider) {
    return provider instanceof Provider.Cpu
        ? new TierChoice(Tier.EXACT, "default of a CPU")
        : new TierChoice(
            Tier.REPEATABLE, "default of a GPU; set darkroom.engine.tier=exact for exact results");
  }
}
