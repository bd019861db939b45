package io.darkroom.app;

import io.darkroom.job.Tier;
import io.darkroom.onnx.Provider;
import java.util.Optional;

/**
 * The determinism tier of a worker and the reason for it.
 *
 * @param tier the tier
 * @param reason reason for a log line
 */
public record TierChoice(Tier tier, String reason) {

  /**
   * Returns the configured tier. The default is exact on a CPU. On a GPU it is repeatable, because
   * a GPU may select other kernels for another number of rows.
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
