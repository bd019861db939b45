package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.schedule.Settings;

/** Determines the order of a multistep method at each step. */
final class MultistepOrder {
  /** With fewer steps than this, the last steps can have a lower order. */
  private static final int FEW_STEPS = 15;

  static final Option<Boolean> LOWER_ORDER_FINAL = Option.flag("lower_order_final", true);

  private MultistepOrder() {}

  /** Returns whether the last steps have a lower order because there are few steps. */
  static boolean lowersAtEnd(Settings settings, int steps) {
    return settings.get(LOWER_ORDER_FINAL) && steps < FEW_STEPS;
  }

  /**
   * Returns the order of step {@code i} of {@code steps}: at most the number of known values and,
   * if the order is lowered at the end, at most the number of remaining steps.
   */
  static int at(int i, int first, int steps, int order, boolean falling) {
    int most = falling ? Math.min(order, steps - i) : order;
    return Math.min(most, i - first + 1);
  }
}
