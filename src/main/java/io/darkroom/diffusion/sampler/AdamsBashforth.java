package io.darkroom.diffusion.sampler;

/** Weights of the last slopes in a linear multistep method with uniform steps, the newest first. */
final class AdamsBashforth {

  private AdamsBashforth() {}

  /** Returns the weights of order 1 to 4 in a new array. */
  static double[] weights(int order) {
    return switch (order) {
      case 1 -> new double[] {1};
      case 2 -> new double[] {3. / 2, -1. / 2};
      case 3 -> new double[] {23. / 12, -16. / 12, 5. / 12};
      case 4 -> new double[] {55. / 24, -59. / 24, 37. / 24, -9. / 24};
      default -> throw new IllegalArgumentException("order must be 1 to 4, is " + order);
    };
  }
}
