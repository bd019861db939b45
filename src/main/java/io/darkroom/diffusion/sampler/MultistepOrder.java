package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.schedule.Settings;

/** Which order a multistep method may have at a step. */
final class MultistepOrder {
  /** With fewer steps than these, the last ones are of lower order where that is asked for. */
  private static final int FEW_STEPS = 15;

  static final Option<Boolean> LOWER_ORDER_FINAL = Option.flag("lower_order_final", true);

  private MultistepOrder() {}

  /** Whether the last steps are to be of lower order for there being few steps. */
  static boolean lowersAtEnd(Settings settings, int steps) {
    return settings.get(LOWER_ORDER_FINAL) && steps < FEW_STEPS;
  }

  /**
   * The order of step {@code i} of {@code steps}: no more than values are at hand, and, where the
   * order falls at the end, no more than steps are left.
   */
  static int at(int i, int first, int steps, int order, boolean falling) {
    int most = falling ? Math.min(order, steps - i) : order;
    return Math.min(most, i - first + 1);
  }
}
